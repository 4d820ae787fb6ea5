package io.caravan.access;

import io.caravan.access.Client.Limits;
import io.caravan.store.Database;
import io.caravan.store.DatabaseUrl;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What access control adds to a call: the key of one of a thousand clients, and its limits. */
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class KeyCheckBenchmark {

  private static final int KEYS = 1000;

  private final Origins origins = new Origins(Set.of(), Set.of());
  private Database database;
  private KeyCheck check;
  private Throttle throttle;
  private String bearer;

  @Setup
  public void open() throws Exception {
    database = new Database(new DatabaseUrl("jdbc:h2:mem:bench", null, null));
    var opened = new CompletableFuture<DataSource>();
    database.whenOpen(opened::complete);
    database.open();
    var source = opened.get(1, TimeUnit.MINUTES);
    var keys = new Keys(() -> source, Clock.systemUTC());
    var limits = new Limits(List.of(), List.of(), Integer.MAX_VALUE, 1L << 50, null);
    var draft = new ApiKey(null, "a", Client.Scope.CLIENT, null, null, false, limits, null, null);
    for (int i = 0; i < KEYS; i++) bearer = "Bearer " + keys.create(draft).text();
    check = new KeyCheck(keys, "an-admin-token", new FailedAttempts(10), Clock.systemUTC(), System::nanoTime);
    throttle = new Throttle(256, System::nanoTime);
  }

  @TearDown
  public void close() {
    database.close();
  }

  /** With access control: who calls, may it enter, has it anything left. */
  @Benchmark
  public Client keyAndLimits() {
    var client = check.client(bearer, null, "127.0.0.1");
    if (!Entrance.CLIENT.admits(client)) throw new IllegalStateException();
    throttle.begin(client);
    throttle.ended(client);
    return client;
  }

  /** Without it: a host that is another than that of the call before. */
  @Benchmark
  public boolean host() {
    return origins.knows("127.0.0.1:8080");
  }
}
