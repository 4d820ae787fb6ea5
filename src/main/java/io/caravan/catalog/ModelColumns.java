package io.caravan.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * The columns that {@code llm_models} and {@code llm_registry_models} share, from JSON and to it.
 */
final class ModelColumns {

  private static final List<String> ALL =
      List.of(
          "service",
          "name",
          "type",
          "state",
          "description",
          "publisher",
          "modified_at",
          "architecture",
          "quantization",
          "max_tokens",
          "size",
          "streaming",
          "instructed",
          "coding",
          "tooling",
          "is_mlx",
          "is_gguf",
          "parameters",
          "runtime_name",
          "file_path");

  private static final Set<String> NUMBERS = Set.of("max_tokens", "size");
  private static final Set<String> FLAGS =
      Set.of("streaming", "instructed", "coding", "tooling", "is_mlx", "is_gguf");

  static final int COUNT = ALL.size();
  static final String NAMES = String.join(", ", ALL);
  static final String MARKS = String.join(", ", Collections.nCopies(COUNT, "?"));

  private ModelColumns() {}

  /** Sets the first {@link #COUNT} parameters of a statement. */
  static void set(PreparedStatement statement, ObjectNode entry) throws SQLException {
    for (int i = 0; i < COUNT; i++) {
      var name = ALL.get(i);
      var value = entry.path(name);
      if (FLAGS.contains(name)) statement.setBoolean(i + 1, value.asBoolean());
      else if (value.isNull() || value.isMissingNode()) statement.setNull(i + 1, type(name));
      else if (NUMBERS.contains(name)) statement.setLong(i + 1, value.asLong());
      else if (name.equals("modified_at")) {
        statement.setObject(i + 1, Instant.parse(value.asText()).atOffset(ZoneOffset.UTC));
      } else statement.setString(i + 1, text(value.asText()));
    }
  }

  /** Reads them from a row. */
  static ObjectNode get(ResultSet row) throws SQLException {
    var entry = Json.object();
    for (var name : ALL) {
      if (FLAGS.contains(name)) entry.put(name, row.getBoolean(name));
      else if (NUMBERS.contains(name)) {
        long number = row.getLong(name);
        entry.put(name, row.wasNull() ? null : (Long) number);
      } else if (name.equals("modified_at")) {
        var time = row.getObject(name, OffsetDateTime.class);
        entry.put(name, time == null ? null : time.toInstant().toString());
      } else entry.put(name, row.getString(name));
    }
    return entry;
  }

  /** PostgreSQL's texts hold no NUL. */
  static String text(String value) {
    return value.indexOf('\0') < 0 ? value : value.replace("\0", "");
  }

  private static int type(String name) {
    if (NUMBERS.contains(name)) return Types.BIGINT;
    return name.equals("modified_at") ? Types.TIMESTAMP_WITH_TIMEZONE : Types.VARCHAR;
  }
}
