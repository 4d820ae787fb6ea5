package io.caravan.inbound;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.settings.Configuration;
import java.util.List;

/** How much text a request holds, whatever the form that it comes in. */
public final class PromptSize {

  private static final String SETTING = "caravan.limits.max-prompt-chars";

  private static final String[] FIELDS = {"messages", "prompt", "input", "content", "tools"};

  private static final int CHARS_PER_TOKEN = 4;

  private static final int LONG_NAME = 64;

  private static final Iterable<JsonNode> NOTHING = List.of();

  private PromptSize() {}

  /**
   * How much text a request may hold, 0 for any.
   *
   * @throws IllegalArgumentException naming the key, if the setting makes no sense
   */
  public static long most(Configuration configuration) {
    return (long) configuration.number(SETTING, 0);
  }

  /**
   * Refuses what is too long, in whatever field it is: a service may read any of them.
   *
   * @throws InvalidRequest naming the longest field
   */
  static void check(ObjectNode request, long most) {
    long chars = 0;
    long longest = -1;
    String field = null;
    for (var each : request.properties()) {
      long here = sizeOf(each.getValue());
      chars += here;
      if (here <= longest) continue;
      longest = here;
      field = each.getKey();
    }
    if (chars <= most) return;
    throw new InvalidRequest(
        "The request holds more than %d characters of text (%s). Shorten '%s'."
            .formatted(most, SETTING, field),
        field,
        "prompt_too_long");
  }

  /** Text, and what may stand for it: token ids, and names that are longer than any needs to be. */
  private static long sizeOf(JsonNode node) {
    if (!node.isContainerNode()) return textOf(node);
    long chars = 0;
    for (var field : node.properties()) {
      if (field.getKey().length() > LONG_NAME) chars += field.getKey().length();
      if (!field.getKey().equals("data")) chars += sizeOf(field.getValue());
    }
    for (var item : node.isArray() ? node : NOTHING) {
      chars += item.isNumber() ? CHARS_PER_TOKEN : sizeOf(item);
    }
    return chars;
  }

  /** How many characters of text the request's prompt holds in all; a token id counts as some. */
  public static long chars(ObjectNode request) {
    long chars = 0;
    for (var field : FIELDS) chars += sizeOf(request.path(field));
    return chars;
  }

  /** Images and sounds travel as data URLs or under {@code data}; they are no text. */
  public static long textOf(JsonNode node) {
    if (node.isTextual()) {
      var text = node.textValue();
      return text.startsWith("data:") ? 0 : text.length();
    }
    long chars = 0;
    if (node.isObject()) {
      for (var field : node.properties()) {
        if (!field.getKey().equals("data")) chars += textOf(field.getValue());
      }
    } else {
      for (var item : node) chars += textOf(item);
    }
    return chars;
  }
}
