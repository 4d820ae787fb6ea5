package io.caravan.inbound;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.settings.Configuration;
import java.util.List;
import java.util.Set;

/** How much text a request holds, whatever the form that it comes in. */
public final class PromptSize {

  private static final String SETTING = "caravan.limits.max-prompt-chars";

  private static final String[] FIELDS = {"messages", "prompt", "input", "content", "tools"};

  private static final int CHARS_PER_TOKEN = 4;

  private static final int LONG_NAME = 64;
  private static final int LONG_LABEL = 128;
  private static final int LONG_PREFIX = 100;

  /** Where the request has labels: short words that say nothing to the model. */
  private static final Set<String> LABELS =
      Set.of(
          "model",
          "user",
          "reasoning_effort",
          "encoding_format",
          "tool_choice",
          "tool_choice.type",
          "response_format.type",
          "tools.type",
          "messages.role",
          "messages.tool_call_id",
          "messages.content.type",
          "messages.tool_calls.id",
          "messages.tool_calls.type");

  private static final Set<String> PLACES =
      Set.of(
          "messages",
          "messages.content",
          "messages.tool_calls",
          "tools",
          "tool_choice",
          "response_format");

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
      var name = each.getKey();
      long here = isLabel(name, each.getValue()) ? 0 : sizeOf(each.getValue(), place(name));
      chars += here;
      if (here <= longest) continue;
      longest = here;
      field = name;
    }
    if (chars <= most) return;
    throw new InvalidRequest(
        "The request holds more than %d characters of text (%s). Shorten '%s'."
            .formatted(most, SETTING, field),
        field,
        "prompt_too_long");
  }

  /**
   * Text, and what may stand for it: token ids, and names that are longer than any needs to be.
   *
   * @param place where the node is, null if no labels are below it
   */
  private static long sizeOf(JsonNode node, String place) {
    if (!node.isContainerNode()) return textOf(node);
    long chars = 0;
    for (var field : node.properties()) {
      var name = field.getKey();
      var here = place == null ? null : place + "." + name;
      if (name.length() > LONG_NAME) chars += length(name);
      if (name.equals("data") || isLabel(here, field.getValue())) continue;
      chars += sizeOf(field.getValue(), place(here));
    }
    for (var item : node.isArray() ? node : NOTHING) {
      chars += item.isNumber() ? CHARS_PER_TOKEN : sizeOf(item, place);
    }
    return chars;
  }

  private static String place(String name) {
    return name != null && PLACES.contains(name) ? name : null;
  }

  /** A long one, or one of several words, may be meant to be read after all. */
  private static boolean isLabel(String name, JsonNode value) {
    if (name == null || !value.isTextual() || !LABELS.contains(name)) return false;
    var text = value.textValue();
    return text.length() <= LONG_LABEL && text.chars().noneMatch(Character::isWhitespace);
  }

  /** How many characters of text the request's prompt holds in all; a token id counts as some. */
  public static long chars(ObjectNode request) {
    long chars = 0;
    for (var field : FIELDS) chars += sizeOf(request.path(field), null);
    return chars;
  }

  /** Images and sounds travel as data URLs or under {@code data}; they are no text. */
  public static long textOf(JsonNode node) {
    if (node.isTextual()) return isDataUrl(node.textValue()) ? 0 : length(node.textValue());
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

  /** As people count: an emoji is one. */
  private static long length(String text) {
    return text.codePointCount(0, text.length());
  }

  /** Not every text that begins like one is one. */
  private static boolean isDataUrl(String text) {
    if (!text.startsWith("data:")) return false;
    int start = text.indexOf(";base64,");
    return start > 0 && start <= LONG_PREFIX && text.chars().allMatch(c -> c > ' ' && c < 127);
  }
}
