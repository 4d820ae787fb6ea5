package io.caravan.personal;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.json.Json;
import io.caravan.store.Database;
import io.caravan.store.TestDatabases;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the table of settings must keep, on both databases. */
class SettingsTableContractTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00.123Z");
  private static final String EVIL = "x'; drop table settings; -- \" \\ 🦙";

  @ParameterizedTest
  @ValueSource(strings = {"h2", "postgresql"})
  void keepsEachUsersChoices(String kind) throws Exception {
    try (var database = database(kind)) {
      var table = new SettingsTable(database);
      assertThat(table.active("a")).isEmpty();
      table.save(choice("a", "ollama", EVIL), true);
      table.save(choice("a", "openai", "m"), true);
      table.save(choice("b" + EVIL, "ollama", "of-b"), true);
      assertThat(table.active("a")).contains(choice("a", "openai", "m"));
      assertThat(table.of("a", "ollama")).contains(choice("a", "ollama", EVIL));
      assertThat(table.active("b" + EVIL).orElseThrow().defaultModel()).isEqualTo("of-b");
      table.save(choice("a", "lmstudio", "x"), false);
      assertThat(table.active("a").orElseThrow().backendType()).isEqualTo("openai");
      var tested = choice("a", "openai", "m").tested(new LastTest(NOW, "no"));
      table.tested(tested);
      assertThat(table.active("a")).contains(tested);
      assertThat(table.delete("a")).isEqualTo(3);
      assertThat(table.active("a")).isEmpty();
      assertThat(table.active("b" + EVIL)).isPresent();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"h2", "postgresql"})
  void manySavesAtOnceLeaveOneActive(String kind) throws Exception {
    var types = new String[] {"a", "b", "c", "d"};
    try (var database = database(kind)) {
      var nodes = List.of(new SettingsTable(database), new SettingsTable(database));
      var table = nodes.get(0);
      var saves = new ArrayList<Future<Void>>();
      for (var type : types) table.save(choice("u", type, "m"), true);
      var threads = Executors.newFixedThreadPool(4);
      for (int i = 0; i < 40; i++) {
        var choice = choice("u", types[i % types.length], "m");
        var node = nodes.get(i / 2 % 2);
        Callable<Void> save =
            () -> {
              node.save(choice, true);
              return null;
            };
        saves.add(threads.submit(save));
      }
      for (var save : saves) save.get(60, TimeUnit.SECONDS);
      threads.shutdown();
      try (var connection = database.dataSource().getConnection();
          var statement = connection.createStatement();
          var rows =
              statement.executeQuery("select count(*) from settings where is_active = true")) {
        rows.next();
        assertThat(rows.getInt(1)).isEqualTo(1);
      }
    }
  }

  private static Database database(String kind) throws Exception {
    var database =
        new Database(kind.equals("h2") ? TestDatabases.h2() : TestDatabases.postgresql());
    var open = new CountDownLatch(1);
    database.whenOpen(source -> open.countDown());
    database.open();
    assertThat(open.await(60, TimeUnit.SECONDS)).isTrue();
    return database;
  }

  private static Choice choice(String user, String type, String model) {
    var config = Json.object().put("url", "http://h").put("note", EVIL);
    return new Choice(user, type, config, model, null, NOW, NOW);
  }
}
