package io.caravan.inbound;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;

/**
 * Requests of {@code /v1/tokenize} and {@code /v1/detokenize} in one form, that of llama.cpp's
 * server: {@code content} and {@code add_special}, or {@code tokens}.
 */
final class TokenRequests {

  private static final String[] TEXTS = {"content", "prompt", "text"};

  private TokenRequests() {}

  /**
   * The text under whichever name it came.
   *
   * @throws io.caravan.errors.GatewayException.InvalidRequest naming the field at fault
   */
  static ObjectNode tokenize(ObjectNode request) {
    var out = model(request);
    for (var name : TEXTS) {
      if (!request.hasNonNull(name)) continue;
      if (out.has("content")) {
        throw RequestRules.invalid("Give the text once: as 'content'.", name, "invalid_value");
      }
      Kind.TEXT.check(name, request.get(name));
      out.set("content", request.get(name));
    }
    if (!out.has("content")) throw RequestRules.missing("content");
    if (request.hasNonNull("add_special")) {
      Kind.BOOLEAN.check("add_special", request.get("add_special"));
      out.set("add_special", request.get("add_special"));
    }
    return out;
  }

  /** The ids; whether a model knows them, its service says. */
  static ObjectNode detokenize(ObjectNode request) {
    if (!request.hasNonNull("tokens")) throw RequestRules.missing("tokens");
    var tokens = request.get("tokens");
    Kind.ARRAY.check("tokens", tokens);
    for (int i = 0; i < tokens.size(); i++) {
      var at = "tokens[" + i + "]";
      Kind.INTEGER.check(at, tokens.get(i));
      if (tokens.get(i).canConvertToInt() && tokens.get(i).asInt() >= 0) continue;
      throw RequestRules.invalid("'" + at + "' is no token id.", at, "invalid_value");
    }
    return model(request).set("tokens", tokens);
  }

  private static ObjectNode model(ObjectNode request) {
    var out = Json.object();
    Json.copy(request, "model", out, "model");
    return out;
  }
}
