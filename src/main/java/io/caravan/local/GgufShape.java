package io.caravan.local;

/**
 * The sizes of a model on which its memory depends; 0 where the header does not tell.
 *
 * @param layers how many layers there are
 * @param heads attention heads of a layer
 * @param keyValueHeads heads whose keys and values are kept
 * @param keyValueLength numbers kept for each such head and token: its key and its value
 */
public record GgufShape(int layers, int heads, int keyValueHeads, int keyValueLength) {

  static GgufShape of(GgufHeader header, String architecture) {
    int heads = size(header, architecture + ".attention.head_count", 0);
    int width = size(header, architecture + ".embedding_length", 0);
    int headWidth = heads == 0 ? 0 : width / heads;
    return new GgufShape(
        size(header, architecture + ".block_count", 0),
        heads,
        Math.min(heads, size(header, architecture + ".attention.head_count_kv", heads)),
        size(header, architecture + ".attention.key_length", headWidth)
            + size(header, architecture + ".attention.value_length", headWidth));
  }

  /** A header may lie, and its sums must not run over: no model is near a million of anything. */
  private static int size(GgufHeader header, String key, int absent) {
    return (int) Math.max(0, Math.min(1 << 20, header.number(key, absent)));
  }
}
