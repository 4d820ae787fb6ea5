package io.caravan.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.json.Json;
import java.util.Locale;
import java.util.Set;

/** A message's content as Anthropic's blocks. */
final class AnthropicParts {

  private static final Set<String> IMAGE_TYPES =
      Set.of("image/jpeg", "image/png", "image/gif", "image/webp");

  private AnthropicParts() {}

  /** The blocks of a content that is a string, a list of parts or null. */
  static ArrayNode blocks(JsonNode content, String param) {
    var blocks = Json.array();
    if (content.isTextual()) addText(blocks, content.asText());
    if (!content.isArray()) return blocks;
    int index = 0;
    for (var part : content) add(blocks, part, param + ".content[" + index++ + "]");
    return blocks;
  }

  private static void add(ArrayNode blocks, JsonNode part, String param) {
    switch (part.path("type").asText()) {
      case "text", "refusal" -> addText(blocks, Contents.partText(part));
      case "image_url" ->
          blocks.addObject().put("type", "image").set("source", source(part, param));
      default -> throw Contents.refused("Anthropic", part.path("type"), param);
    }
  }

  private static void addText(ArrayNode blocks, String text) {
    if (!text.isBlank()) blocks.addObject().put("type", "text").put("text", text);
  }

  private static ObjectNode source(JsonNode part, String param) {
    var field = param + ".image_url.url";
    var url = Contents.imageUrl(part);
    if (!DataUrl.isOne(url)) return linked(url, field);
    var image = DataUrl.parse(url, field);
    if (!IMAGE_TYPES.contains(image.mediaType())) {
      var type = "`" + field + "` is of the type `" + image.mediaType() + "`; ";
      throw new InvalidRequest(type + "Anthropic takes jpeg, png, gif and webp.", field, null);
    }
    return Json.object()
        .put("type", "base64")
        .put("media_type", image.mediaType())
        .put("data", image.base64());
  }

  private static ObjectNode linked(String url, String field) {
    var scheme = url.toLowerCase(Locale.ROOT);
    if (scheme.startsWith("https://") || scheme.startsWith("http://")) {
      return Json.object().put("type", "url").put("url", url);
    }
    throw new InvalidRequest("`" + field + "` is neither an http(s) nor a data: URL.", field, null);
  }
}
