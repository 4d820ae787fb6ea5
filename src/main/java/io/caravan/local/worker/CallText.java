package io.caravan.local.worker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.json.Json;
import java.util.ArrayList;
import java.util.List;

/**
 * The JSON of one or more calls in generated text: one object, a list of them, or several with
 * {@code ;}, commas or blanks between them.
 */
final class CallText {

  private CallText() {}

  /**
   * Where the JSON value ends that begins at an index.
   *
   * @return the index behind it, or -1 if it is not all there
   */
  static int end(CharSequence text, int from) {
    int depth = 0;
    boolean quoted = false;
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quoted) {
        if (c == '\\') i++;
        else if (c == '"') quoted = false;
      } else if (c == '"') quoted = true;
      else if (c == '{' || c == '[') depth++;
      else if ((c == '}' || c == ']') && --depth == 0) return i + 1;
    }
    return -1;
  }

  static boolean begins(char c) {
    return c == '{' || c == '[';
  }

  /** Whether a character may stand between two calls. */
  static boolean separates(char c) {
    return Character.isWhitespace(c) || c == ';' || c == ',';
  }

  /** The calls in a text; none if it holds anything else. */
  static List<Piece.Call> parse(CharSequence text) {
    var calls = new ArrayList<Piece.Call>();
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (separates(c)) {
        at++;
        continue;
      }
      int end = begins(c) ? end(text, at) : -1;
      if (end < 0 || !add(text.subSequence(at, end).toString(), calls)) return List.of();
      at = end;
    }
    return calls;
  }

  private static boolean add(String json, List<Piece.Call> calls) {
    try {
      var value = Json.read(json);
      if (value.isObject()) return add(value, calls);
      boolean all = !value.isEmpty();
      for (var each : value) all &= add(each, calls);
      return all;
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  private static boolean add(JsonNode value, List<Piece.Call> calls) {
    var call = value.path("function").isObject() ? value.get("function") : value;
    var name = call.path(call.has("name") ? "name" : "function").asText();
    if (!call.isObject() || name.isEmpty()) return false;
    var arguments = call.path(call.has("arguments") ? "arguments" : "parameters");
    var text = arguments.isMissingNode() || arguments.isNull() ? "{}" : Json.text(arguments);
    calls.add(new Piece.Call(name, arguments.isTextual() ? arguments.asText() : text));
    return true;
  }
}
