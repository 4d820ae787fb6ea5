package io.caravan.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
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
 * @param eosToken the token that ends a text (BERT's separator), -1 if not told
 * @param addEos whether llama.cpp puts that token behind a prompt
 * @param neededBytes the size that the file must have at least; of a split model, all its parts
 * @param shape what the memory that it takes depends on
 * @param parts the files that the model is split into, 1 for most
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
    int eosToken,
    boolean addEos,
    long neededBytes,
    GgufShape shape,
    int parts) {

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

  /**
   * Reads a file's header.
   *
   * @throws GgufException if the file is no GGUF model, or a truncated or damaged one
   */
  public static Gguf read(Path file) throws IOException {
    try (var channel = FileChannel.open(file)) {
      return GgufFacts.of(new GgufHeader(new GgufInput(channel)));
    }
  }

  public Kind kind() {
    return pooling != NO_POOLING || isEncoder() ? Kind.EMBEDDINGS : Kind.CHAT;
  }

  /** Whether the architecture reads texts and writes none. */
  public boolean isEncoder() {
    return ENCODERS.contains(architecture);
  }

  /** This model together with another part of it. */
  Gguf plus(Part part) {
    return new Gguf(
        architecture,
        name,
        parameters + part.parameters,
        quantization,
        contextLength,
        embeddingLength,
        pooling,
        chatTemplate,
        vocabulary,
        bosToken,
        addBos,
        eosToken,
        addEos,
        neededBytes + part.neededBytes,
        shape,
        parts);
  }

  /** A part of a split model after its first one, which has the metadata. */
  record Part(long parameters, long neededBytes) {

    static Part read(Path file) throws IOException {
      try (var channel = FileChannel.open(file)) {
        var header = new GgufHeader(new GgufInput(channel));
        return new Part(header.parameters, header.neededBytes);
      }
    }
  }
}
