package io.caravan.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import java.time.DateTimeException;
import java.time.OffsetDateTime;

/** Entries of OpenAI's model list. */
final class Models {

  private Models() {}

  static ObjectNode model(String id) {
    return Json.object().put("id", id).put("object", "model");
  }

  /** Sets {@code created} from an ISO time, if it is one. */
  static void putCreated(ObjectNode to, JsonNode isoTime) {
    try {
      to.put("created", OffsetDateTime.parse(isoTime.asText()).toEpochSecond());
    } catch (DateTimeException notATime) {
      // then it stays unknown, as where a service tells no time
    }
  }
}
