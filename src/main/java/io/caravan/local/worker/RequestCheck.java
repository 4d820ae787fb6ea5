package io.caravan.local.worker;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.json.Json;
import io.caravan.local.Gguf;
import java.util.Arrays;

/**
 * The checks of our own workers for an engine that takes in silence what makes no sense, or that
 * complains without naming the field. What such an engine can do and ours cannot passes.
 */
public final class RequestCheck {

  private final ObjectNode request;
  private final Gguf gguf;

  private RequestCheck(ObjectNode request, Gguf gguf) {
    this.request = request;
    this.gguf = gguf;
  }

  /**
   * Checks a request before it is sent.
   *
   * @param operation as in the exchange variable of that name
   * @throws InvalidRequest naming the field
   */
  public static void of(String operation, ObjectNode request, Gguf gguf) {
    var check = new RequestCheck(request, gguf);
    switch (operation) {
      case "chat" -> check.chat();
      case "completions" -> check.completions();
      case "embeddings" -> check.embeddings();
      case "tokenize" -> Tokens.content(request);
      case "detokenize" -> Tokens.ids(request, gguf.vocabulary());
      default -> {}
    }
  }

  /**
   * @throws InvalidRequest if a model is asked for what it is not made for
   */
  static void kind(Gguf gguf, Gguf.Kind wanted) {
    if (gguf.kind() == wanted) return;
    var good = wanted == Gguf.Kind.CHAT ? "embeddings, not for chat" : "chat, not for embeddings";
    throw new InvalidRequest("This model is good for " + good + ".", "model", null);
  }

  private void chat() {
    kind(gguf, Gguf.Kind.CHAT);
    var placeholders = new Placeholders();
    new Messages(placeholders).read(request);
    if (request.hasNonNull("tools")) new Tools(placeholders).hide(request.get("tools"));
    ToolChoice.of(request, CallFormat.ANY);
    parameters();
  }

  private void completions() {
    kind(gguf, Gguf.Kind.CHAT);
    parameters();
    PromptInput.parts(request, request.path("n").asInt(1), gguf.vocabulary());
  }

  private void embeddings() {
    kind(gguf, Gguf.Kind.EMBEDDINGS);
    new EmbeddingInput(request, gguf).texts(Arrays::toString);
    Embedding.dimensions(request, gguf);
  }

  /** Which schemas can be enforced is the engine's own affair. */
  private void parameters() {
    var copy = Json.shallowCopy(request);
    boolean schema = copy.at("/response_format/type").asText().equals("json_schema");
    if (schema) copy.remove("response_format");
    var parameters = new Parameters(copy, gguf.vocabulary());
    parameters.sampling();
    parameters.limit(Integer.MAX_VALUE);
    parameters.choices();
  }
}
