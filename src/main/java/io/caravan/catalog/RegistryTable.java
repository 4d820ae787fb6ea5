package io.caravan.catalog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.sql.DataSource;

/** The table {@code llm_registry_models}: what registries have told of models that can be had. */
public final class RegistryTable {

  private static final List<String> OWN =
      List.of(
          "db_key",
          "registry",
          "id",
          "model_id",
          "likes",
          "trending_score",
          "downloads",
          "created_at_ms",
          "tags",
          "url");

  private static final String NAMES = ModelColumns.NAMES + ", " + String.join(", ", OWN);
  private static final String INSERT =
      "insert into llm_registry_models ("
          + NAMES
          + ", fetched_at) values ("
          + ModelColumns.MARKS
          + ", ?".repeat(OWN.size() + 1)
          + ")";

  private final DataSource source;

  public RegistryTable(DataSource source) {
    this.source = source;
  }

  /** Models as they were kept, and since when. */
  public record Kept(List<ObjectNode> models, Instant oldest) {}

  /** Keeps models, each in place of what was kept of it before. */
  public void keep(Collection<ObjectNode> models, Instant now) throws SQLException {
    try (var connection = source.getConnection()) {
      connection.setAutoCommit(false);
      try {
        delete(connection, models);
        insert(connection, models, now);
        connection.commit();
      } catch (SQLException e) {
        connection.rollback();
        throw e;
      } finally {
        connection.setAutoCommit(true);
      }
    }
  }

  /** The models of a registry whose name, tags or description hold the text. */
  public Kept find(String registry, String text) throws SQLException {
    var models = new ArrayList<ObjectNode>();
    Instant oldest = null;
    try (var connection = source.getConnection();
        var select =
            connection.prepareStatement(
                "select "
                    + NAMES
                    + ", fetched_at from llm_registry_models where registry = ? and"
                    + " lower(model_id || ' ' || coalesce(tags, '') || ' ' || coalesce(description, ''))"
                    + " like ? escape '!' order by model_id")) {
      select.setString(1, registry);
      select.setString(2, "%" + escaped(text.toLowerCase(Locale.ROOT)) + "%");
      try (var rows = select.executeQuery()) {
        while (rows.next()) {
          models.add(model(rows));
          var at = rows.getObject("fetched_at", OffsetDateTime.class).toInstant();
          if (oldest == null || at.isBefore(oldest)) oldest = at;
        }
      }
    }
    return new Kept(models, oldest);
  }

  private static void delete(Connection connection, Collection<ObjectNode> models)
      throws SQLException {
    try (var delete =
        connection.prepareStatement("delete from llm_registry_models where db_key = ?")) {
      for (var model : models) {
        delete.setString(1, ModelColumns.text(model.path("db_key").asText()));
        delete.addBatch();
      }
      delete.executeBatch();
    }
  }

  private static void insert(Connection connection, Collection<ObjectNode> models, Instant now)
      throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      for (var model : models) {
        ModelColumns.set(insert, model);
        for (int i = 0; i < OWN.size(); i++)
          set(insert, ModelColumns.COUNT + i + 1, OWN.get(i), model);
        insert.setObject(ModelColumns.COUNT + OWN.size() + 1, now.atOffset(ZoneOffset.UTC));
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  private static void set(PreparedStatement insert, int at, String name, ObjectNode model)
      throws SQLException {
    var value = model.path(name);
    switch (name) {
      case "likes", "downloads", "created_at_ms" -> {
        if (value.isNumber()) insert.setLong(at, value.asLong());
        else insert.setNull(at, Types.BIGINT);
      }
      case "trending_score" -> {
        if (value.isNumber()) insert.setDouble(at, value.asDouble());
        else insert.setNull(at, Types.DOUBLE);
      }
      case "tags" -> insert.setString(at, ModelColumns.text(Json.text(value)));
      default -> insert.setString(at, ModelColumns.text(value.asText()));
    }
  }

  private static ObjectNode model(ResultSet row) throws SQLException {
    var model = ModelColumns.get(row);
    for (var name : OWN) {
      var value = row.getString(name);
      switch (name) {
        case "likes", "downloads", "created_at_ms" ->
            model.put(name, value == null ? null : Long.valueOf(value));
        case "trending_score" -> model.put(name, value == null ? null : Double.valueOf(value));
        case "tags" -> model.set(name, tags(value));
        default -> model.put(name, value);
      }
    }
    return model;
  }

  private static JsonNode tags(String kept) {
    try {
      return Json.read(kept);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the column holds what was written into it", e);
    }
  }

  private static String escaped(String text) {
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_");
  }
}
