package io.caravan.local;

/**
 * How much memory a model takes: its weights, the keys and values of every token of every slot, and
 * the buffers in which llama.cpp computes. An estimate, rather too much than too little.
 */
final class MemoryNeed {

  /** Numbers of the cache are of 16 bits. */
  private static final int CACHE_BYTES = 2;

  /** Tokens of a prompt that are computed at once, in numbers of 32 bits. */
  private static final long BATCH = 512L * 4;

  private static final long SMALL_CHANGE = 16L << 20;

  private MemoryNeed() {}

  /**
   * @param tokens of all slots together
   * @param flashAttention without it there is a number for each pair of tokens
   * @param process what the engine takes without a model
   */
  static long bytes(Gguf gguf, long tokens, boolean flashAttention, long process) {
    var shape = gguf.shape();
    long cache =
        gguf.isEncoder()
            ? 0
            : tokens
                * shape.layers()
                * shape.keyValueHeads()
                * shape.keyValueLength()
                * CACHE_BYTES;
    long attention = flashAttention ? 0 : BATCH * shape.heads() * tokens;
    long logits = gguf.isEncoder() ? 0 : BATCH * gguf.vocabulary();
    return gguf.neededBytes() + cache + attention + logits + SMALL_CHANGE + process;
  }
}
