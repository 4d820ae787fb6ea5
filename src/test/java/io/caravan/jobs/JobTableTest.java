package io.caravan.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.json.Json;
import io.caravan.store.Database;
import io.caravan.store.TestDatabases;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The table of jobs, on both databases. */
class JobTableTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @ParameterizedTest
  @ValueSource(strings = {"h2", "postgresql"})
  void aDamagedRowLosesOnlyItself(String kind) throws Exception {
    var url = kind.equals("h2") ? TestDatabases.h2() : TestDatabases.postgresql();
    try (var database = new Database(url)) {
      var opened = new CompletableFuture<Object>();
      database.whenOpen(opened::complete);
      database.open();
      opened.get(60, TimeUnit.SECONDS);
      var table = new JobTable(database);
      table.add(job("damaged", NOW.minusSeconds(60)), "key of the damaged one");
      table.add(job("whole", NOW), "key");
      new Rows(database).update("update jobs set state = 'WEIRD' where id = 'damaged'");
      assertThat(table.list(null, null, 10, 0)).extracting(Job::id).containsExactly("whole");
      assertThat(table.count(null, null)).isEqualTo(1);
      assertThat(table.find("damaged")).isEmpty();
      assertThat(table.damaged()).containsExactly("damaged");
      var next = table.add(job("next", NOW), "key of the damaged one");
      assertThat(next.id()).as("it keeps nobody from asking for the same").isEqualTo("next");
      table.forget(NOW);
      assertThat(table.damaged()).isEmpty();
      assertThat(table.count(null, null)).isEqualTo(2);
      assertThatThrownBy(() -> new Rows(database).update("update jobs set state = 1 / 0"))
          .as("no outage, which a job would wait for")
          .isInstanceOf(IllegalStateException.class);
    }
  }

  private static Job job(String id, Instant at) {
    var params = Json.object().put("service_name", "s").put("model_name", "m");
    var state = Job.State.QUEUED;
    return new Job(id, "load", params, state, null, null, at, null, null, null, 0, false, 0);
  }
}
