package io.caravan.inbound;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.function.Predicate;

/** The kinds of value that request fields take. */
enum Kind {
  BOOLEAN("a boolean", JsonNode::isBoolean),
  BOOLEAN_OR_INTEGER("a boolean", value -> value.isBoolean() || value.isIntegralNumber()),
  INTEGER("an integer", JsonNode::isIntegralNumber),
  POSITIVE("an integer of 1 or more", value -> value.isIntegralNumber() && value.asDouble() >= 1),
  NUMBER("a number", JsonNode::isNumber),
  TEXT("a string", JsonNode::isTextual),
  TEXT_OR_TEXTS("a string or an array of strings", Kind::isTextOrTexts),
  ARRAY("an array", JsonNode::isArray),
  OBJECT("an object", JsonNode::isObject);

  private final String wanted;
  private final Predicate<JsonNode> fits;

  Kind(String wanted, Predicate<JsonNode> fits) {
    this.wanted = wanted;
    this.fits = fits;
  }

  void check(String param, JsonNode value) {
    if (fits.test(value)) return;
    if (this == POSITIVE && value.isIntegralNumber()) {
      throw RequestRules.invalid(
          "Invalid value for '%s': expected %s, but got %s."
              .formatted(param, wanted, value.asText()),
          param,
          "integer_below_min_value");
    }
    throw RequestRules.wrongType(param, wanted, value);
  }

  /** What a value is, in the words of an error message. */
  static String name(JsonNode value) {
    var type = value.getNodeType().name().toLowerCase(Locale.ROOT);
    return (type.matches("[aeiou].*") ? "an " : "a ") + type;
  }

  private static boolean isTextOrTexts(JsonNode value) {
    if (value.isTextual()) return true;
    if (!value.isArray()) return false;
    for (var item : value) if (!item.isTextual()) return false;
    return true;
  }
}
