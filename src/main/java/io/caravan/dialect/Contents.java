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

  /** A call's arguments, a string in OpenAI's form, as the object that they stand for. */
  static ObjectNode arguments(JsonNode call, String param) {
    var text = call.path("function").path("arguments").asText("");
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
