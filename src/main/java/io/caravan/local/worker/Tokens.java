package io.caravan.local.worker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.json.Json;

/** Text to token ids and back. */
final class Tokens {

  private final Llama llama;

  Tokens(Llama llama) {
    this.llama = llama;
  }

  /** The ids of {@code content}; with the begin token if {@code add_special} is true. */
  ObjectNode tokenize(JsonNode request) {
    var text = content(request);
    boolean special = request.path("add_special").asBoolean();
    var ids = special ? llama.prompt(text) : llama.model().encode(text);
    var out = Json.object();
    var tokens = out.putArray("tokens");
    for (int id : ids) tokens.add(id);
    return out.put("count", ids.length);
  }

  /** The text of {@code tokens}; an id that is not in the vocabulary would end the process. */
  ObjectNode detokenize(JsonNode request) {
    var ids = ids(request, llama.gguf().vocabulary());
    return Json.object().put("content", ids.length == 0 ? "" : llama.model().decode(ids));
  }

  static String content(JsonNode request) {
    var content = request.path("content");
    if (!content.isTextual()) throw invalid("`content` must be a text.", "content");
    var special = request.path("add_special");
    if (!special.isMissingNode() && !special.isNull() && !special.isBoolean()) {
      throw invalid("`add_special` must be true or false.", "add_special");
    }
    return content.asText();
  }

  static int[] ids(JsonNode request, int vocabulary) {
    return TokenIds.read(request.path("tokens"), vocabulary, "tokens");
  }

  private static InvalidRequest invalid(String message, String param) {
    return new InvalidRequest(message, param, "invalid_value");
  }
}
