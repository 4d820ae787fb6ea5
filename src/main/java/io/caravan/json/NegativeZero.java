package io.caravan.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.regex.Pattern;

/**
 * Negative zero, as log probabilities have it. A BigDecimal cannot be it, so such a number is read
 * as a double: Jackson does that for those that it takes for no number (2.19, {@code
 * JsonNodeDeserializer#_fromFloat}).
 */
final class NegativeZero extends JsonParserDelegate {

  private static final Pattern ZERO = Pattern.compile("-0(\\.0+)?([eE].*)?");

  private NegativeZero(JsonParser parser) {
    super(parser);
  }

  static JsonNode tree(ObjectMapper mapper, byte[] bytes) throws IOException {
    return isIn(bytes)
        ? mapper.readTree(new NegativeZero(mapper.createParser(bytes)))
        : mapper.readTree(bytes);
  }

  static JsonNode tree(ObjectMapper mapper, String text) throws JsonProcessingException {
    if (!text.contains("-0")) return mapper.readTree(text);
    try {
      return mapper.readTree(new NegativeZero(mapper.createParser(text)));
    } catch (JsonProcessingException e) {
      throw e;
    } catch (IOException e) {
      throw new IllegalStateException("text in memory can always be read", e);
    }
  }

  private static boolean isIn(byte[] bytes) {
    for (int i = 1; i < bytes.length; i++) {
      if (bytes[i] == '0' && bytes[i - 1] == '-') return true;
    }
    return false;
  }

  @Override
  public boolean isNaN() throws IOException {
    return isNegativeZero() || super.isNaN();
  }

  /** By its text: asked for its value, the parser would keep that and lose the sign. */
  private boolean isNegativeZero() throws IOException {
    return currentToken() == JsonToken.VALUE_NUMBER_FLOAT && ZERO.matcher(getText()).matches();
  }
}
