package io.caravan.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** JSON as the wire has it: numbers keep their digits, unknown fields stay, nothing is added. */
public final class Json {

  /** A request holds images as base64, so one string may be nearly as long as the whole body. */
  private static final int MAX_STRING_CHARS = 64 << 20;

  /**
   * A tree needs some 100 bytes for a token that takes two on the wire, as in {@code [[],[],…]}.
   */
  private static final long MAX_REQUEST_TOKENS = 2_000_000;

  /** 2,048 embeddings of 4,096 numbers, and room. */
  private static final long MAX_TOKENS = 16_000_000;

  private static final ObjectMapper MAPPER = mapper(MAX_TOKENS);
  private static final ObjectMapper REQUESTS = mapper(MAX_REQUEST_TOKENS);

  private Json() {}

  private static ObjectMapper mapper(long maxTokens) {
    var limits =
        StreamReadConstraints.builder()
            .maxStringLength(MAX_STRING_CHARS)
            .maxTokenCount(maxTokens)
            .build();
    var factory =
        JsonFactory.builder()
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .streamReadConstraints(limits);
    return JsonMapper.builder(factory.build())
        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
        .build();
  }

  /**
   * Reads one JSON value.
   *
   * @throws JsonProcessingException if the bytes are not exactly one JSON value in UTF-8
   */
  public static JsonNode read(byte[] bytes) throws IOException {
    return Surrogates.paired(NegativeZero.tree(MAPPER, bytes), bytes);
  }

  /**
   * The same for what a client sends, which may hold no more than two million values and names.
   *
   * @throws com.fasterxml.jackson.core.exc.StreamConstraintsException if it does
   */
  public static JsonNode readRequest(byte[] bytes) throws IOException {
    return Surrogates.paired(NegativeZero.tree(REQUESTS, bytes), bytes);
  }

  /**
   * Reads one JSON value from text.
   *
   * @throws JsonProcessingException if the text is not exactly one JSON value
   */
  public static JsonNode read(String text) throws JsonProcessingException {
    return NegativeZero.tree(MAPPER, text);
  }

  /** The value as UTF-8 bytes. */
  public static byte[] bytes(JsonNode node) {
    try {
      return MAPPER.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree can always be written", e);
    }
  }

  /** The value as compact text. */
  public static String text(JsonNode node) {
    return node.toString();
  }

  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  public static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  /** A copy that shares its children: cheap, and safe as long as only top-level fields are set. */
  public static ObjectNode shallowCopy(ObjectNode node) {
    return object().setAll(node);
  }

  /** Copies a field under another name if it is there and not null. */
  public static void copy(JsonNode from, String name, ObjectNode to, String as) {
    if (from.hasNonNull(name)) to.set(as, from.get(name));
  }

  /** A field that is a value or a list of values, as a list of texts; empty if it is absent. */
  public static List<String> texts(JsonNode value) {
    var out = new ArrayList<String>();
    if (value.isTextual()) out.add(value.asText());
    if (value.isArray()) value.forEach(item -> out.add(item.asText()));
    return out;
  }
}
