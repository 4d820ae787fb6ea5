package bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** Plain chat at a constant rate: what a gateway adds to the time of an unhurried request. */
record RateSection(Lab lab, Pair pair, Load load, Options options, Verdicts verdicts) {

  private static final int PER_SECOND = 500;

  void run() throws Exception {
    var targets = List.of(lab.upstream(), pair.bare(), pair.gateway());
    var rounds = new LinkedHashMap<Target, List<RateLoad.Result>>();
    for (int i = 0; i < options.pick(2, 3); i++) {
      for (var target : targets) {
        var result = RateLoad.run(load, target, PER_SECOND, options.pick(1, 3));
        rounds.computeIfAbsent(target, t -> new ArrayList<>()).add(result);
      }
    }
    var table =
        new Table(
            "",
            "p50 ms",
            "p99 ms",
            "max ms",
            "added p50",
            "added p99",
            "CPU us",
            "errors",
            "load cores");
    var direct = median(rounds.get(lab.upstream()));
    rounds.forEach((target, results) -> row(table, target, median(results), direct));
    table.print("Chat at " + PER_SECOND + " requests/s, each timed from when it was due");
    judge(median(rounds.get(pair.gateway())), direct);
  }

  private static void row(Table table, Target target, RateLoad.Result r, RateLoad.Result direct) {
    table.row(
        target.name(),
        r.p50(),
        r.p99(),
        r.max(),
        r.p50() - direct.p50(),
        r.p99() - direct.p99(),
        r.cpu(),
        r.errors(),
        r.loadCores());
  }

  private void judge(RateLoad.Result gateway, RateLoad.Result direct) {
    var at = "chat at " + PER_SECOND + " requests/s, ";
    verdicts.atMost(at + "added p50", gateway.p50() - direct.p50(), 0.5, " ms");
    verdicts.atMost(at + "added p99", gateway.p99() - direct.p99(), 3, " ms");
    verdicts.exactly(at + "errors", gateway.errors(), 0);
  }

  private static RateLoad.Result median(List<RateLoad.Result> rounds) {
    return new RateLoad.Result(
        Median.of(rounds, RateLoad.Result::p50),
        Median.of(rounds, RateLoad.Result::p99),
        rounds.stream().mapToDouble(RateLoad.Result::max).max().orElse(Double.NaN),
        Median.of(rounds, RateLoad.Result::cpu),
        Median.of(rounds, RateLoad.Result::loadCores),
        rounds.stream().mapToLong(RateLoad.Result::errors).sum());
  }
}
