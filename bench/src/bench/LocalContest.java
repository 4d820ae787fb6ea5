package bench;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** The same model in several ways, which take turns. The first by name is what the others are compared with. */
final class LocalContest {

  private static final int[] STREAMS = {1, 4};

  private final String title;
  private final Options options;
  private final Verdicts verdicts;
  private final TreeMap<String, Contender> contenders = new TreeMap<>();

  /** A way to run the model. */
  interface Contender {
    LocalRun run(int streams, int tokens) throws Exception;
  }

  LocalContest(String title, Options options, Verdicts verdicts) {
    this.title = title;
    this.options = options;
    this.verdicts = verdicts;
  }

  LocalContest with(String name, Contender contender) {
    contenders.put(name, contender);
    return this;
  }

  void run() throws Exception {
    int tokens = tokens(contenders.firstEntry().getValue());
    for (var contender : contenders.values()) warmUp(contender);
    var table = new Table("", "streams", "tokens/s", "ratio", "first ms");
    for (int streams : STREAMS) {
      var runs = new TreeMap<String, List<LocalRun>>();
      for (int round = -options.pick(2, 4); round < options.pick(5, 15); round++) {
        for (var contender : contenders.entrySet()) {
          var run = contender.getValue().run(streams, tokens);
          if (round >= 0) runs.computeIfAbsent(contender.getKey(), k -> new ArrayList<>()).add(run);
        }
      }
      report(table, streams, runs);
    }
    table.print(title + ", " + tokens + " tokens each");
  }

  /** Java becomes fast by use: all contenders get the same, as chat's do. */
  private void warmUp(Contender contender) throws Exception {
    for (int i = 0; i < options.pick(50, 200); i++) contender.run(STREAMS[i % STREAMS.length], 24);
  }

  private void report(Table table, int streams, TreeMap<String, List<LocalRun>> runs) {
    double bare = Median.of(runs.firstEntry().getValue(), LocalRun::rate);
    double bareFirst = Median.of(runs.firstEntry().getValue(), LocalRun::firstMs);
    for (var contender : runs.entrySet()) {
      double rate = Median.of(contender.getValue(), LocalRun::rate);
      double first = Median.of(contender.getValue(), LocalRun::firstMs);
      table.row(contender.getKey(), streams, rate, rate / bare, first);
      if (!contender.getKey().equals(runs.lastKey())) continue;
      verdicts.atLeast(title + ": tokens/s at " + streams + " streams", rate / bare, 0.97, " x");
      if (streams == 1) verdicts.atMost(title + ": first token, added", first - bareFirst, 5, " ms");
    }
  }

  /** As many tokens as the engine alone makes in a second or so. */
  private int tokens(Contender engine) throws Exception {
    engine.run(1, 32);
    double rate = engine.run(1, 64).rate();
    return (int) Math.max(32, Math.min(512, rate));
  }
}
