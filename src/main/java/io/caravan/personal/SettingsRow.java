package io.caravan.personal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/**
 * A row of the table {@code settings}. Its {@code config_json} holds {@code config}, {@code
 * default_model} and {@code last_test}.
 */
final class SettingsRow {

  static final String SELECT =
      "select user_id, backend_type, config_json, created_at, updated_at from settings ";

  private SettingsRow() {}

  /** The choice of the present row; one that cannot be read is marked as damaged. */
  static Choice read(ResultSet row) throws SQLException {
    var kept = kept(row.getString(3));
    boolean damaged = kept == null || !(kept.path("config") instanceof ObjectNode);
    return new Choice(
        row.getString(1),
        row.getString(2),
        damaged ? null : (ObjectNode) kept.get("config"),
        damaged ? null : kept.path("default_model").asText(null),
        damaged ? null : lastTest(kept),
        row.getObject(4, OffsetDateTime.class).toInstant(),
        row.getObject(5, OffsetDateTime.class).toInstant());
  }

  /** What {@code config_json} is to be. */
  static String json(Choice choice) {
    var kept = Json.object();
    kept.set("config", choice.config());
    if (choice.defaultModel() != null) kept.put("default_model", choice.defaultModel());
    if (choice.lastTest() == null) return Json.text(kept);
    kept.putObject("last_test")
        .put("at", choice.lastTest().at().toString())
        .put("error", choice.lastTest().error());
    return Json.text(kept);
  }

  private static ObjectNode kept(String json) {
    try {
      return Json.read(json) instanceof ObjectNode object ? object : null;
    } catch (JsonProcessingException damaged) {
      return null;
    }
  }

  private static LastTest lastTest(ObjectNode kept) {
    var test = kept.path("last_test");
    try {
      return new LastTest(Instant.parse(test.path("at").asText()), test.path("error").asText(null));
    } catch (DateTimeException never) {
      return null;
    }
  }
}
