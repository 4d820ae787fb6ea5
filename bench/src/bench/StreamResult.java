package bench;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One run of concurrent streams: times in milliseconds, CPU in microseconds per event, load in
 * cores, threads and memory the highest seen.
 */
record StreamResult(
    int streams,
    int completed,
    long lost,
    double eventsPerSecond,
    double firstP50,
    double firstP99,
    double delayP50,
    double delayP99,
    double cpu,
    double loadCores,
    int threads,
    double rss,
    String failures) {

  /** The middle of several rounds, but all losses, and the most threads and memory. */
  static StreamResult median(List<StreamResult> rounds) {
    return new StreamResult(
        rounds.get(0).streams,
        rounds.stream().mapToInt(StreamResult::completed).min().orElse(0),
        rounds.stream().mapToLong(StreamResult::lost).sum(),
        Median.of(rounds, StreamResult::eventsPerSecond),
        Median.of(rounds, StreamResult::firstP50),
        Median.of(rounds, StreamResult::firstP99),
        Median.of(rounds, StreamResult::delayP50),
        Median.of(rounds, StreamResult::delayP99),
        Median.of(rounds, StreamResult::cpu),
        Median.of(rounds, StreamResult::loadCores),
        rounds.stream().mapToInt(StreamResult::threads).max().orElse(0),
        rounds.stream().mapToDouble(StreamResult::rss).max().orElse(0),
        rounds.stream()
            .map(StreamResult::failures)
            .filter(f -> f.length() > 2)
            .distinct()
            .collect(Collectors.joining(", ")));
  }
}
