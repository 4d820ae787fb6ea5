package bench;

import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * What the streams of one run went through. Delays and CPU count only while all streams run, from
 * the opening of the last to the first end of one; the load generator's loop alone calls this.
 */
final class StreamStats {

  private final Proc proc;
  private final int streams;
  private final Histogram firsts = new Histogram(3);
  private final Histogram delays = new Histogram(3);
  private Span span;
  private Span.Used used;
  private int begun;
  private int ended;
  private int completed;
  private long received;
  private final Map<String, Integer> failures = new TreeMap<>();

  StreamStats(Proc proc, int streams) {
    this.proc = proc;
    this.streams = streams;
  }

  int begun() {
    return begun;
  }

  int ended() {
    return ended;
  }

  /** A stream's first bytes are here. */
  void begin(long nanos) {
    firsts.recordValue(nanos);
    begun++;
  }

  /** All streams are open. */
  void start() {
    span = Span.start(proc);
  }

  void event(long delayNanos) {
    received++;
    if (span != null && used == null) delays.recordValue(Math.max(0, delayNanos));
  }

  /** A stream came to its proper end. */
  void complete() {
    completed++;
    stop();
  }

  /** A stream ended otherwise: with an error status, or cut off. */
  void fail(String why) {
    failures.merge(why, 1, Integer::sum);
  }

  /** A stream is over, well or not. */
  void end() {
    ended++;
  }

  StreamResult result(long wanted, int threads, double rss) {
    stop();
    if (ended < streams) failures.put("not ended in time", streams - ended);
    double seconds = used == null ? Double.NaN : used.seconds();
    double counted = delays.getTotalCount() == 0 ? Double.NaN : delays.getTotalCount();
    return new StreamResult(
        streams,
        completed,
        wanted - received,
        counted / seconds,
        millis(firsts, 50),
        millis(firsts, 99),
        millis(delays, 50),
        millis(delays, 99),
        used == null ? Double.NaN : used.cpuMicros() / counted,
        used == null ? Double.NaN : used.loadCores(),
        threads,
        rss,
        failures.toString());
  }

  private void stop() {
    if (span != null && used == null) used = span.end();
  }

  private static double millis(Histogram times, double percentile) {
    if (times.getTotalCount() == 0) return Double.NaN;
    return times.getValueAtPercentile(percentile) / 1e6;
  }
}
