package io.caravan.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException.BadAnswer;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.json.Json;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;

/**
 * Embeddings in the encoding that the client asked for, whatever the service sent. OpenAI's clients
 * ask for base64 unless told otherwise and decode without looking: floats would become zeros.
 */
public final class Embeddings {

  private Embeddings() {}

  /**
   * An OpenAI embeddings answer with each vector encoded as asked; all other fields stay.
   *
   * @param encodingFormat the request's {@code encoding_format}: float, base64, or null for float
   */
  public static ObjectNode encoded(JsonNode answer, String encodingFormat) {
    boolean base64 = wantsBase64(encodingFormat);
    var list = whole(answer);
    var data = Json.array();
    for (var entry : list.path("data")) data.add(entry(entry, data.size(), base64));
    var out = Json.object().put("object", "list").<ObjectNode>setAll(list);
    return out.set("data", data);
  }

  /**
   * The same answer, if it is one.
   *
   * @throws BadAnswer if it holds no embeddings, as UpstreamFailed if it is an error
   */
  public static ObjectNode whole(JsonNode answer) {
    var list = Answers.whole(answer);
    JsonNode data = list.path("data");
    if (!data.isArray() || data.isEmpty()) throw new BadAnswer("an answer without embeddings");
    for (var entry : data) {
      var vector = entry.path("embedding");
      if (vector.isTextual()) bytes(vector.asText());
      else if (!isVector(vector)) throw notAVector();
    }
    return list;
  }

  private static boolean wantsBase64(String encodingFormat) {
    if (encodingFormat == null || encodingFormat.equals("float")) return false;
    if (encodingFormat.equals("base64")) return true;
    var message = "`encoding_format` must be `float` or `base64`.";
    throw new InvalidRequest(message, "encoding_format", null);
  }

  private static ObjectNode entry(JsonNode entry, int index, boolean base64) {
    var out = Json.object().put("object", "embedding").put("index", index);
    if (entry instanceof ObjectNode object) out.setAll(object);
    JsonNode vector = entry.path("embedding");
    if (base64 && vector.isArray()) return out.put("embedding", toBase64(vector));
    if (!base64 && vector.isTextual()) return out.set("embedding", toFloats(vector.asText()));
    return out;
  }

  private static boolean isVector(JsonNode node) {
    for (var number : node) if (!number.isNumber()) return false;
    return node.isArray();
  }

  private static String toBase64(JsonNode vector) {
    var bytes = ByteBuffer.allocate(vector.size() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (var number : vector) bytes.putFloat(number.floatValue());
    return Base64.getEncoder().encodeToString(bytes.array());
  }

  private static ArrayNode toFloats(String base64) {
    var floats = ByteBuffer.wrap(bytes(base64)).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    var out = Json.array();
    while (floats.hasRemaining()) out.add(floats.get());
    return out;
  }

  private static byte[] bytes(String base64) {
    try {
      byte[] bytes = Base64.getDecoder().decode(base64);
      if (bytes.length % Float.BYTES != 0) throw notAVector();
      return bytes;
    } catch (IllegalArgumentException e) {
      throw notAVector();
    }
  }

  private static BadAnswer notAVector() {
    return new BadAnswer("an embedding that is neither numbers nor base64 of floats");
  }
}
