package io.caravan.inbound;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException;
import io.caravan.routing.Wishes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.apache.camel.Message;

/**
 * What a request says to Caravan itself: body field {@code fallbacks}, headers {@code
 * x-caravan-fallbacks} (names with commas) and {@code x-caravan-max-attempts}.
 */
final class WishReader {

  private static final String FALLBACKS = "fallbacks";
  private static final String FALLBACKS_HEADER = "x-caravan-fallbacks";
  private static final String ATTEMPTS_HEADER = "x-caravan-max-attempts";
  private static final int MAX_FALLBACKS = 16;

  /** More than there are ever made: any greater number means the same. */
  private static final int MAX_ATTEMPTS = 9999;

  private WishReader() {}

  /**
   * Reads the wishes and takes them out of the request.
   *
   * @throws GatewayException.InvalidRequest naming the field or header at fault
   */
  static Wishes take(ObjectNode request, Message message) {
    var names = new ArrayList<String>();
    var field = request.remove(FALLBACKS);
    if (field != null && !field.isNull()) {
      if (!field.isArray()) throw wrong("an array of model names");
      for (var name : field) {
        if (!name.isTextual() || name.asText().isBlank()) throw wrong("an array of model names");
        names.add(name.asText().strip());
      }
    }
    for (var line : lines(message.getHeader(FALLBACKS_HEADER))) names.addAll(split(line));
    if (names.size() > MAX_FALLBACKS) throw wrong("at most " + MAX_FALLBACKS + " model names");
    int attempts = attempts(message.getHeader(ATTEMPTS_HEADER, String.class));
    return names.isEmpty() && attempts == 0 ? Wishes.NONE : new Wishes(names, attempts);
  }

  /** Several lines of one header are a list. */
  private static List<String> lines(Object header) {
    if (header == null) return List.of();
    if (!(header instanceof Collection<?> lines)) return List.of(header.toString());
    return lines.stream().map(Object::toString).toList();
  }

  private static List<String> split(String header) {
    return Arrays.stream(header.split(","))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .toList();
  }

  private static int attempts(String header) {
    if (header == null) return 0;
    var number = header.strip();
    if (number.matches("[1-9]\\d*")) {
      return number.length() > 4 ? MAX_ATTEMPTS : Integer.parseInt(number);
    }
    throw new GatewayException.InvalidRequest(
        "Invalid value for the header '%s': expected an integer of 1 or more."
            .formatted(ATTEMPTS_HEADER),
        ATTEMPTS_HEADER,
        "invalid_value");
  }

  private static GatewayException wrong(String expected) {
    return RequestRules.invalid(
        "Invalid value for '%s': expected %s.".formatted(FALLBACKS, expected),
        FALLBACKS,
        "invalid_type");
  }
}
