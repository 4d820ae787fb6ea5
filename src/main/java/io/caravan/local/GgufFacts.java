package io.caravan.local;

import java.util.Map;
import java.util.Set;

/** From the entries of a GGUF header to what they say of the model. */
final class GgufFacts {

  /** Byte-pair vocabularies that begin texts with a token although no key says so. */
  private static final Set<String> BPE_WITH_BOS =
      Set.of("llama3", "llama-v3", "llama-bpe", "falcon3");

  private GgufFacts() {}

  static Gguf of(GgufHeader header) throws GgufException {
    var architecture = header.text("general.architecture");
    if (architecture.isEmpty()) throw new GgufException("the file names no architecture");
    return new Gguf(
        architecture,
        header.text("general.name"),
        header.parameters,
        quantization(header),
        size(header, architecture + ".context_length"),
        size(header, architecture + ".embedding_length"),
        (int) header.number(architecture + ".pooling_type", Gguf.NO_POOLING),
        header.text("tokenizer.chat_template"),
        (int) header.number("tokenizer.ggml.tokens", 0),
        token(header, "tokenizer.ggml.bos_token_id"),
        flag(header, "tokenizer.ggml.add_bos_token", addsBos(header)),
        token(header, eosKey(header)),
        flag(header, "tokenizer.ggml.add_eos_token", addsEos(header)),
        header.neededBytes,
        GgufShape.of(header, architecture),
        (int) Math.max(1, header.number("split.count", 1)));
  }

  private static String quantization(GgufHeader header) {
    var named = GgufType.ofFile(header.number("general.file_type", -1));
    if (!named.isEmpty()) return named;
    var entries = header.elementsByType.entrySet();
    return entries.stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey).orElse("");
  }

  private static int size(GgufHeader header, String key) throws GgufException {
    long size = header.number(key, 0);
    if (size < 0 || size > Integer.MAX_VALUE) {
      throw new GgufException("corrupt header: " + key + " is " + size);
    }
    return (int) size;
  }

  /** The format itself spells it like this. */
  private static String eosKey(GgufHeader header) {
    boolean separates = header.text("tokenizer.ggml.model").equals("bert");
    return "tokenizer.ggml." + (separates ? "seperator" : "eos") + "_token_id";
  }

  private static int token(GgufHeader header, String key) {
    long token = header.number(key, -1);
    return token < header.number("tokenizer.ggml.tokens", 0) ? (int) token : -1;
  }

  /** What llama.cpp's {@code llama-vocab.cpp} does where the file does not say. */
  private static boolean addsBos(GgufHeader header) {
    return switch (header.text("tokenizer.ggml.model")) {
      case "llama", "bert" -> true;
      case "gpt2" -> BPE_WITH_BOS.contains(header.text("tokenizer.ggml.pre"));
      default -> false;
    };
  }

  private static boolean addsEos(GgufHeader header) {
    var vocabulary = header.text("tokenizer.ggml.model");
    return vocabulary.equals("bert") || vocabulary.equals("t5");
  }

  private static boolean flag(GgufHeader header, String key, boolean absent) {
    return header.values.get(key) instanceof Boolean flag ? flag : absent;
  }
}
