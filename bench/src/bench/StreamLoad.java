package bench;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * Many streams at once. They open one after another; delays and CPU count only while all of them
 * run, between the last one's first event and the first one's end.
 */
final class StreamLoad implements AutoCloseable {

  private static final int OPENED_PER_SECOND = 500;
  private static final int GRACE_SECONDS = 12;
  private static final int SAMPLE_MS = 100;

  private final Load load;
  private final Target target;
  private final int events;
  private final byte[] request;
  private final List<Client> clients = new ArrayList<>();
  private final Histogram firsts = new Histogram(3);
  private final Histogram delays = new Histogram(3);
  private Span span;
  private Span.Used used;
  private int begun;
  private int failed;
  private int ended;
  private int completed;
  private long received;

  StreamLoad(Load load, Target target, int streams, int events) {
    this.load = load;
    this.target = target;
    this.events = events;
    this.request = Wire.streamRequest(events);
    for (int i = 0; i < streams; i++) clients.add(new Client());
  }

  StreamResult run() throws Exception {
    open();
    int threads = 0;
    double rss = 0;
    long limit = System.nanoTime() + (events / 50 + GRACE_SECONDS) * 1_000_000_000L;
    for (long next = System.nanoTime(); ended() < clients.size() && next < limit; ) {
      next += SAMPLE_MS * 1_000_000L;
      Load.sleepUntil(next);
      threads = Math.max(threads, target.proc().threads());
      rss = Math.max(rss, target.proc().rssMb());
    }
    var result = new StreamResult[1];
    int mostThreads = threads;
    double mostRss = rss;
    load.onLoopAndWait(() -> result[0] = result(mostThreads, mostRss));
    return result[0];
  }

  /** Opens all streams at a steady pace. */
  void open() {
    long start = System.nanoTime();
    for (int i = 0; i < clients.size(); i++) {
      Load.sleepUntil(start + i * (1_000_000_000L / OPENED_PER_SECOND));
      load.onLoop(clients.get(i)::open);
    }
  }

  /** How many streams have received something. */
  int begun() throws Exception {
    load.onLoopAndWait(() -> {});
    return begun;
  }

  private int ended() throws Exception {
    load.onLoopAndWait(() -> {});
    return ended;
  }

  private void startWhenAllRun() {
    if (span == null && begun + failed == clients.size()) span = Span.start(target.proc());
  }

  private StreamResult result(int threads, double rss) {
    if (span != null && used == null) used = span.end();
    var whole = used == null ? new Span.Used(Double.NaN, 0, 0) : used;
    double counted = delays.getTotalCount() == 0 ? Double.NaN : delays.getTotalCount();
    return new StreamResult(
        clients.size(),
        completed,
        (long) clients.size() * events - received,
        counted / whole.seconds(),
        firsts.getValueAtPercentile(50) / 1e6,
        firsts.getValueAtPercentile(99) / 1e6,
        counted > 0 ? delays.getValueAtPercentile(50) / 1e6 : Double.NaN,
        counted > 0 ? delays.getValueAtPercentile(99) / 1e6 : Double.NaN,
        whole.cpuMicros() / counted,
        whole.loadCores(),
        threads,
        rss);
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
    private boolean first = true;
    private boolean finished;
    private int expected;

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
      if (first) begin();
      scanner.scan(bytes, from, to);
    }

    private void begin() {
      first = false;
      firsts.recordValue(readAt - sentAt);
      begun++;
      startWhenAllRun();
    }

    /** Counts an event once; one that comes after a later one is lost. */
    private void event(long number, long stamp) {
      if (number < expected) return;
      expected = (int) number + 1;
      received++;
      if (span != null && used == null) delays.recordValue(Math.max(0, readAt - stamp));
    }

    @Override
    public void end(int status) {
      if (scanner.done() && span != null && used == null) used = span.end();
      if (status == 200 && scanner.done()) completed++;
      finish();
      connection.close();
    }

    private void closed() {
      finish();
    }

    private void finish() {
      if (finished) return;
      finished = true;
      ended++;
      if (first) failed++;
      startWhenAllRun();
    }

    void close() {
      if (connection != null) connection.close();
    }
  }
}
