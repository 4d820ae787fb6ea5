package io.caravan.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.jobs.Job.State;
import io.caravan.json.Json;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** A job as a row of its table. A row in a state that no job has is damaged, and passed over. */
final class JobRow {

  static final String SELECT =
      "select id, type, params, state, progress, error, created_at, started_at, finished_at, handle,"
          + " attempt, cancelling, revision from jobs where ";

  /** A condition that rows fulfil which are jobs. */
  static final String WHOLE =
      Arrays.stream(State.values())
          .map(state -> "'" + state.text() + "'")
          .collect(Collectors.joining(", ", "state in (", ")"));

  private JobRow() {}

  /** The condition for jobs in a state and of a service, null for any. */
  static String where(String state, String service, List<Object> arguments) {
    var where = new StringBuilder(WHOLE);
    if (state != null) {
      where.append(" and state = ?");
      arguments.add(state);
    }
    if (service != null) {
      where.append(" and service_name = ?");
      arguments.add(service);
    }
    return where.toString();
  }

  static Job read(ResultSet row) throws SQLException {
    var params = json(row.getString("params"));
    return new Job(
        row.getString("id"),
        row.getString("type"),
        params == null ? Json.object() : params,
        State.of(row.getString("state")),
        json(row.getString("progress")),
        json(row.getString("error")),
        instant(row, "created_at"),
        instant(row, "started_at"),
        instant(row, "finished_at"),
        row.getString("handle"),
        row.getInt("attempt"),
        row.getBoolean("cancelling"),
        row.getLong("revision"));
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    var time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  /** Null if it is damaged: a row like that hinders no other, and can still end. */
  private static ObjectNode json(String text) {
    try {
      return text != null && Json.read(text) instanceof ObjectNode object ? object : null;
    } catch (IOException e) {
      return null;
    }
  }
}
