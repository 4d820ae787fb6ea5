package bench;

import java.util.ArrayList;
import java.util.List;

/** Many streams at once, opened one after another at a steady pace. */
final class StreamLoad implements AutoCloseable {

  private static final int OPENED_PER_SECOND = 500;
  private static final int GRACE_SECONDS = 12;
  private static final int SAMPLE_MS = 100;

  private final Load load;
  private final Target target;
  private final byte[] request;
  private final List<Client> clients = new ArrayList<>();
  private final StreamStats stats;

  StreamLoad(Load load, Target target, int streams, byte[] request) {
    this.load = load;
    this.target = target;
    this.request = request;
    stats = new StreamStats(target.proc(), streams);
    for (int i = 0; i < streams; i++) clients.add(new Client());
  }

  /** Runs the streams to their end, or until they are far too late. */
  StreamResult run(int eventsEach, int seconds) throws Exception {
    open();
    load.onLoop(stats::start);
    int threads = 0;
    double rss = 0;
    long limit = System.nanoTime() + (seconds + GRACE_SECONDS) * 1_000_000_000L;
    for (long next = System.nanoTime(); load.ask(stats::ended) < clients.size() && next < limit; ) {
      next += SAMPLE_MS * 1_000_000L;
      Load.sleepUntil(next);
      threads = Math.max(threads, target.proc().threads());
      rss = Math.max(rss, target.proc().rssMb());
    }
    long wanted = (long) clients.size() * eventsEach;
    int mostThreads = threads;
    double mostRss = rss;
    return load.ask(() -> stats.result(wanted, mostThreads, mostRss));
  }

  void open() {
    long start = System.nanoTime();
    for (int i = 0; i < clients.size(); i++) {
      Load.sleepUntil(start + i * (1_000_000_000L / OPENED_PER_SECOND));
      load.onLoop(clients.get(i)::open);
    }
  }

  /** How many streams have received something. */
  int begun() throws Exception {
    return load.ask(stats::begun);
  }

  @Override
  public void close() throws Exception {
    load.onLoopAndWait(() -> clients.forEach(Client::close));
  }

  private final class Client implements HttpReader.Sink {
    private final EventScanner scanner = new EventScanner(this::event);
    private Connection connection;
    private long sentAt;
    private long readAt;
    private boolean begun;
    private boolean ended;
    private long expected;

    void open() {
      Connection.open(load.client(), target.port(), this, this::closed)
          .onSuccess(
              opened -> {
                connection = opened;
                sentAt = System.nanoTime();
                opened.send(request);
              });
    }

    @Override
    public void body(byte[] bytes, int from, int to) {
      readAt = System.nanoTime();
      if (!begun) {
        begun = true;
        stats.begin(readAt - sentAt);
      }
      scanner.scan(bytes, from, to);
    }

    /** Counts an event once; one that comes after a later one is lost. */
    private void event(long number, long stamp) {
      if (number < expected) return;
      expected = number + 1;
      stats.event(readAt - stamp);
    }

    @Override
    public void end(int status) {
      if (status == 200 && scanner.done()) stats.complete();
      else stats.fail(status == 200 ? "200 without [DONE]" : "status " + status);
      ended();
      connection.close();
    }

    private void closed() {
      if (!ended) stats.fail("cut off");
      ended();
    }

    private void ended() {
      if (!ended) stats.end();
      ended = true;
    }

    void close() {
      if (connection != null) connection.close();
    }
  }
}
