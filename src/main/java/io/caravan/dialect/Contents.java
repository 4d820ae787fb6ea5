package io.caravan.dialect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.json.Json;
import java.util.ArrayList;

/** What OpenAI's messages hold, for dialects that have to take it apart. */
final class Contents {

  private Contents() {}

  /** The text of a content that is a string, a list of parts or null. */
  static String text(JsonNode content) {
    if (!content.isArray()) return content.asText("");
    var texts = new ArrayList<String>();
    for (var part : content) if (!partText(part).isEmpty()) texts.add(partText(part));
    return String.join("\n", texts);
  }

  /** The text of a part, empty if it is none: a refusal is what the assistant said instead. */
  static String partText(JsonNode part) {
    return part.path(part.path("type").asText().equals("refusal") ? "refusal" : "text").asText("");
  }

  /** The URL of an {@code image_url} part; some clients send it without the object around it. */
  static String imageUrl(JsonNode part) {
    JsonNode image = part.path("image_url");
    return image.path("url").asText(image.isTextual() ? image.asText() : "");
  }

  /** The name of the function that was called; calls of anything else cannot be told. */
  static String functionName(JsonNode call, String param) {
    JsonNode name = call.path("function").path("name");
    if (name.isTextual() && !name.asText().isBlank()) return name.asText();
    var field = param + ".function.name";
    throw new InvalidRequest(
        "`" + field + "` must be the name of the function that was called.", field, null);
  }

  /**
   * A call's arguments as the object that they stand for. In OpenAI's form they are a string; some
   * clients send the object itself.
   */
  static ObjectNode arguments(JsonNode call, String param) {
    JsonNode arguments = call.path("function").path("arguments");
    if (arguments instanceof ObjectNode object) return object;
    var text = arguments.isArray() ? Json.text(arguments) : arguments.asText("");
    if (text.isBlank()) return Json.object();
    try {
      if (Json.read(text) instanceof ObjectNode object) return object;
    } catch (JsonProcessingException notJson) {
      // told below, like JSON that is no object
    }
    var field = param + ".function.arguments";
    throw new InvalidRequest("`" + field + "` is not a JSON object in a string.", field, null);
  }

  /** A kind of role, part, tool or choice that this service cannot take. */
  static InvalidRequest refused(String service, JsonNode kind, String param) {
    var what = "`" + param + "` is `" + kind.asText() + "`, which ";
    return new InvalidRequest(what + service + " does not accept.", param, null);
  }
}
