package bench;

import org.HdrHistogram.Histogram;

/**
 * Closed loop: each connection sends its next chat request when the answer to its last has come.
 */
final class ChatLoad {

  private static final int SETTLE_MS = 300;

  /** One round; times in milliseconds, CPU in microseconds per request, load in cores. */
  record Result(
      double perSecond, double p50, double p99, double cpu, double loadCores, long errors) {}

  private final Load load;
  private final Target target;
  private final byte[] request = Wire.chatRequest();
  private final Histogram times = new Histogram(3);
  private boolean recording;
  private boolean stopped;
  private long errors;

  private ChatLoad(Load load, Target target) {
    this.load = load;
    this.target = target;
  }

  static Result run(Load load, Target target, int connections, double seconds) throws Exception {
    return new ChatLoad(load, target).run(connections, seconds);
  }

  private Result run(int connections, double seconds) throws Exception {
    load.onLoop(
        () -> {
          for (int i = 0; i < connections; i++) new Client().open();
        });
    Thread.sleep(SETTLE_MS);
    load.onLoopAndWait(() -> recording = true);
    var span = Span.start(target.proc());
    Load.sleepUntil(span.startedAt() + (long) (seconds * 1e9));
    load.onLoopAndWait(() -> recording = false);
    var used = span.end();
    load.onLoopAndWait(() -> stopped = true);
    Thread.sleep(SETTLE_MS);
    long count = times.getTotalCount();
    return new Result(
        count / used.seconds(),
        times.getValueAtPercentile(50) / 1e6,
        times.getValueAtPercentile(99) / 1e6,
        used.cpuMicros() / Math.max(1.0, count),
        used.loadCores(),
        errors);
  }

  private final class Client implements HttpReader.Sink {
    private Connection connection;
    private boolean asking;
    private long sentAt;

    void open() {
      Connection.open(load.client(), target.port(), this, this::closed).onSuccess(this::opened);
    }

    private void opened(Connection opened) {
      connection = opened;
      ask();
    }

    private void ask() {
      asking = !stopped;
      if (stopped) {
        connection.close();
        return;
      }
      sentAt = System.nanoTime();
      connection.send(request);
    }

    @Override
    public void body(byte[] bytes, int from, int to) {}

    @Override
    public void end(int status) {
      if (recording) times.recordValue(System.nanoTime() - sentAt);
      if (status != 200) errors++;
      ask();
    }

    private void closed() {
      if (asking) errors++;
      asking = false;
    }
  }
}
