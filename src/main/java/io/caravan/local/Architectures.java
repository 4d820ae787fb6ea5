package io.caravan.local;

import java.util.Set;

/** What llama.cpp b4916, which is in java-llama.cpp 4.2.0, can run, by its llama-arch.cpp. */
final class Architectures {

  private static final int MEAN = 1;
  private static final int LAST = 3;

  private static final Set<String> KNOWN =
      Set.of(
          ("arctic arwkv7 baichuan bert bitnet bloom chameleon chatglm codeshell cohere2 command-r"
                  + " dbrx deci deepseek deepseek2 exaone falcon gemma gemma2 gemma3 gpt2 gptneox"
                  + " granite granitemoe grok internlm2 jais jina-bert-v2 llama mamba minicpm"
                  + " minicpm3 mpt nemotron nomic-bert olmo olmo2 olmoe openelm orion phi2 phi3"
                  + " phimoe plamo qwen qwen2 qwen2moe qwen2vl refact rwkv6 rwkv6qwen2 rwkv7"
                  + " stablelm starcoder starcoder2 xverse")
              .split(" "));

  private Architectures() {}

  /** Why llama.cpp b4916 would not take the model, or would not survive it; null if it does. */
  static String refusal(Gguf gguf) {
    if (!KNOWN.contains(gguf.architecture())) {
      return "llama.cpp b4916 does not know the architecture `"
          + gguf.architecture()
          + "`; a newer llama-server may (caravan.local.engine)";
    }
    return poolingRefusal(gguf);
  }

  /**
   * Averaging the vectors of a model that writes ends the process of b4916, and where there is no
   * pooling it returns the vector of the first token alone.
   */
  private static String poolingRefusal(Gguf gguf) {
    int pooling = gguf.pooling();
    if (pooling == Gguf.NO_POOLING) return null;
    boolean works = gguf.isEncoder() ? pooling >= MEAN && pooling <= LAST : pooling == LAST;
    if (works) return null;
    return "llama.cpp b4916 cannot pool the vectors of `%s` by type %d"
            .formatted(gguf.architecture(), pooling)
        + (pooling > LAST ? ", a reranker's" : "")
        + "; a newer llama-server may (caravan.local.engine)";
  }
}
