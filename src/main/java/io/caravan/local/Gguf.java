package io.caravan.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * What the header of a GGUF model file says of the model. Only the header is read.
 *
 * @param architecture for instance {@code llama} or {@code bert}
 * @param name the model's own name, empty if it has none
 * @param parameters the number of weights
 * @param quantization how the weights are stored, for instance {@code Q4_K_M}
 * @param contextLength the tokens that the model was made for, 0 if not told
 * @param embeddingLength the width of the model and of its embeddings, 0 if not told
 * @param pooling llama.cpp's pooling type, {@link #NO_POOLING} if not told
 * @param chatTemplate the Jinja source, empty if there is none
 * @param vocabulary how many tokens the model knows
 * @param bosToken the token that begins a text, -1 if not told
 * @param addBos whether llama.cpp puts that token before a prompt
 * @param addEos whether llama.cpp puts an end token (BERT's separator) behind a prompt
 * @param neededBytes the size that the file must have at least
 */
public record Gguf(
    String architecture,
    String name,
    long parameters,
    String quantization,
    int contextLength,
    int embeddingLength,
    int pooling,
    String chatTemplate,
    int vocabulary,
    int bosToken,
    boolean addBos,
    boolean addEos,
    long neededBytes) {

  /** What a model is good for. */
  public enum Kind {
    CHAT,
    EMBEDDINGS
  }

  public static final int NO_POOLING = -1;

  private static final Set<String> ENCODERS =
      Set.of(
          "bert",
          "nomic-bert",
          "nomic-bert-moe",
          "jina-bert-v2",
          "jina-bert-v3",
          "modern-bert",
          "neo-bert",
          "eurobert",
          "gemma-embedding",
          "t5encoder");

  /** Byte-pair vocabularies that begin texts with a token although no key says so. */
  private static final Set<String> BPE_WITH_BOS =
      Set.of("llama3", "llama-v3", "llama-bpe", "falcon3");

  /**
   * Reads a file's header.
   *
   * @throws GgufException if the file is no GGUF model, or a truncated or damaged one
   */
  public static Gguf read(Path file) throws IOException {
    try (var channel = FileChannel.open(file)) {
      return of(new GgufHeader(new GgufInput(channel)));
    }
  }

  public Kind kind() {
    return pooling != NO_POOLING || ENCODERS.contains(architecture) ? Kind.EMBEDDINGS : Kind.CHAT;
  }

  private static Gguf of(GgufHeader header) throws GgufException {
    var architecture = header.text("general.architecture");
    if (architecture.isEmpty()) throw new GgufException("the file names no architecture");
    return new Gguf(
        architecture,
        header.text("general.name"),
        header.parameters,
        quantization(header),
        size(header, architecture + ".context_length"),
        size(header, architecture + ".embedding_length"),
        (int) header.number(architecture + ".pooling_type", NO_POOLING),
        header.text("tokenizer.chat_template"),
        (int) header.number("tokenizer.ggml.tokens", 0),
        bosToken(header),
        flag(header, "tokenizer.ggml.add_bos_token", addsBos(header)),
        flag(header, "tokenizer.ggml.add_eos_token", addsEos(header)),
        header.neededBytes);
  }

  private static String quantization(GgufHeader header) {
    var named = GgufType.ofFile(header.number("general.file_type", -1));
    if (!named.isEmpty()) return named;
    var entries = header.elementsByType.entrySet();
    return entries.stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey();
  }

  private static int size(GgufHeader header, String key) throws GgufException {
    long size = header.number(key, 0);
    if (size < 0 || size > Integer.MAX_VALUE) {
      throw new GgufException("corrupt header: " + key + " is " + size);
    }
    return (int) size;
  }

  private static int bosToken(GgufHeader header) {
    long token = header.number("tokenizer.ggml.bos_token_id", -1);
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
