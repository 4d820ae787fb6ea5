package io.caravan.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What both databases must do alike. */
class DatabaseContractTest {

  private static final List<String> TABLES =
      List.of(
          "llm_models", "llm_registry_models", "llm_service_configs", "jobs", "scheduled_tasks");

  /** A kind of database; PostgreSQL is started only when its turn comes. */
  enum Kind {
    H2,
    POSTGRESQL;

    DatabaseUrl fresh() throws Exception {
      return this == H2 ? TestDatabases.h2() : TestDatabases.postgresql();
    }
  }

  static Stream<Kind> kinds() {
    return Stream.of(Kind.values());
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void makesItsTables(Kind kind) throws Exception {
    try (var database = new Database(kind.fresh())) {
      var source = open(database);
      for (var table : TABLES) assertThat(count(source, table)).as(table).isZero();
      assertThat(columns(source, "llm_models"))
          .containsExactlyInAnyOrder(
              ("type,state,description,publisher,modified_at,architecture,quantization,name,"
                      + "max_tokens,size,streaming,instructed,coding,tooling,is_mlx,is_gguf,"
                      + "parameters,runtime_name,service,file_path")
                  .split(","));
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void keepsWhatIsInIt(Kind kind) throws Exception {
    var url = kind.fresh();
    try (var database = new Database(url)) {
      insertJob(open(database), "a");
    }
    try (var database = new Database(url)) {
      assertThat(count(open(database), "jobs")).isEqualTo(1);
    }
  }

  /** The first schema, with a row in it, as an older Caravan would have left it. */
  @ParameterizedTest
  @MethodSource("kinds")
  void bringsAnOlderSchemaUpToDate(Kind kind) throws Exception {
    var url = kind.fresh();
    try (var pool = Pool.open(url)) {
      org.flywaydb.core.Flyway.configure()
          .dataSource(pool)
          .locations("classpath:db/migration")
          .target("1")
          .load()
          .migrate();
      insertJob(pool, "old");
    }
    try (var database = new Database(url)) {
      var source = open(database);
      assertThat(count(source, "jobs")).isEqualTo(1);
      assertThat(count(source, "\"flyway_schema_history\" where \"success\"")).isPositive();
    }
  }

  static DataSource open(Database database) throws Exception {
    var opened = new CompletableFuture<DataSource>();
    database.whenOpen(opened::complete);
    database.open();
    return opened.get(60, TimeUnit.SECONDS);
  }

  private static void insertJob(DataSource source, String id) throws SQLException {
    try (var connection = source.getConnection();
        var insert =
            connection.prepareStatement(
                "insert into jobs (id, type, params, state, created_at) values (?, ?, ?, ?, ?)")) {
      insert.setString(1, id);
      insert.setString(2, "install");
      insert.setString(3, "{}");
      insert.setString(4, "queued");
      insert.setTimestamp(5, Timestamp.from(Instant.parse("2026-01-01T00:00:00Z")));
      insert.executeUpdate();
    }
  }

  private static int count(DataSource source, String table) throws SQLException {
    try (var connection = source.getConnection();
        var rows = connection.createStatement().executeQuery("select count(*) from " + table)) {
      rows.next();
      return rows.getInt(1);
    }
  }

  private static List<String> columns(DataSource source, String table) throws SQLException {
    try (var connection = source.getConnection();
        var rows = connection.createStatement().executeQuery("select * from " + table)) {
      var names = new ArrayList<String>();
      var data = rows.getMetaData();
      for (int i = 1; i <= data.getColumnCount(); i++) {
        names.add(data.getColumnName(i).toLowerCase(java.util.Locale.ROOT));
      }
      return names;
    }
  }
}
