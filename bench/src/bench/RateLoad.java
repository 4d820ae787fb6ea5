package bench;

import java.util.ArrayDeque;
import java.util.Queue;
import org.HdrHistogram.Histogram;

/**
 * Open loop: chat requests leave at a constant rate, whatever the answers do, and each is timed
 * from the moment it was due, so that a stall counts for all requests that it delays.
 */
final class RateLoad {

  private static final int CONNECTIONS = 32;
  private static final int SETTLE_MS = 300;

  /** One round; times in milliseconds. */
  record Result(double p50, double p99, double max, double cpu, double loadCores, long errors) {}

  private final Load load;
  private final Target target;
  private final byte[] request = Wire.chatRequest();
  private final Histogram times = new Histogram(3);
  private final Queue<Client> idle = new ArrayDeque<>();
  private final Queue<Long> waiting = new ArrayDeque<>();
  private boolean stopped;
  private long errors;

  private RateLoad(Load load, Target target) {
    this.load = load;
    this.target = target;
  }

  static Result run(Load load, Target target, int perSecond, double seconds) throws Exception {
    return new RateLoad(load, target).run(perSecond, seconds);
  }

  private Result run(int perSecond, double seconds) throws Exception {
    load.onLoop(
        () -> {
          for (int i = 0; i < CONNECTIONS; i++) new Client().open();
        });
    Thread.sleep(SETTLE_MS);
    int total = (int) (perSecond * seconds);
    var span = Span.start(target.proc());
    for (int i = 0; i < total; i++) {
      long due = span.startedAt() + i * (1_000_000_000L / perSecond);
      Load.sleepUntil(due);
      load.onLoop(() -> submit(due));
    }
    var used = span.end();
    Thread.sleep(SETTLE_MS);
    load.onLoopAndWait(this::stop);
    return new Result(
        times.getValueAtPercentile(50) / 1e6,
        times.getValueAtPercentile(99) / 1e6,
        times.getMaxValue() / 1e6,
        used.cpuMicros() / (double) total,
        used.loadCores(),
        errors + total - times.getTotalCount());
  }

  private void submit(long due) {
    var client = idle.poll();
    if (client == null) waiting.add(due);
    else client.ask(due);
  }

  private void stop() {
    stopped = true;
    idle.forEach(client -> client.connection.close());
  }

  private final class Client implements HttpReader.Sink {
    private Connection connection;
    private long due;

    void open() {
      Connection.open(load.client(), target.port(), this, this::closed)
          .onSuccess(
              opened -> {
                connection = opened;
                idle.add(this);
              });
    }

    private void ask(long due) {
      this.due = due;
      connection.send(request);
    }

    @Override
    public void body(byte[] bytes, int from, int to) {}

    @Override
    public void end(int status) {
      times.recordValue(System.nanoTime() - due);
      if (status != 200) errors++;
      if (waiting.isEmpty()) idle.add(this);
      else ask(waiting.poll());
    }

    private void closed() {
      idle.remove(this);
      if (!stopped) errors++;
    }
  }
}
