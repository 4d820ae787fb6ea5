package bench;

import java.util.ArrayList;
import java.util.List;

/**
 * What retries, breakers, rescues and metrics cost where nothing fails: the same gateway twice, as
 * it is and with all of that switched off, in turns.
 */
record OverheadSection(Lab lab, Load load, Options options, Verdicts verdicts) {

  private static final List<String> OFF =
      List.of(
          "caravan.retry.max-attempts=1",
          "caravan.stream.recovery=off",
          "caravan.breaker.enabled=false",
          "caravan.metrics.calls=false");

  void run() throws Exception {
    var service = new ArrayList<String>();
    service.add("caravan.service.bench.provider=openai-compatible");
    service.add("caravan.service.bench.urls=http://127.0.0.1:" + lab.upstream().port());
    var without = new ArrayList<>(service);
    without.addAll(OFF);
    try (var on = lab.gatewayWith("on", service);
        var off = lab.gatewayWith("off", without)) {
      measure(Target.of("on", on), Target.of("off", off));
    }
  }

  private void measure(Target on, Target off) throws Exception {
    for (int i = 0; i < options.pick(1, 3); i++) {
      ChatLoad.run(load, on, 64, 4);
      ChatLoad.run(load, off, 64, 4);
    }
    var table = new Table("connections", "", "requests/s", "CPU us");
    for (int connections : List.of(16, 64)) {
      var withAll = new ArrayList<ChatLoad.Result>();
      var without = new ArrayList<ChatLoad.Result>();
      for (int i = 0; i < options.pick(3, 15); i++) {
        // who is second finds the machine as the first has left it: so they take turns in that too
        boolean first = i % 2 == 0;
        if (first) withAll.add(round(on, connections));
        without.add(round(off, connections));
        if (!first) withAll.add(round(on, connections));
      }
      row(table, connections, on, withAll);
      row(table, connections, off, without);
      double ratio = perSecond(withAll) / perSecond(without);
      table.row("", "ratio", ratio, cpu(withAll) / cpu(without));
      var name = "requests/s with retries, breakers, metrics at " + connections + " connections";
      verdicts.atLeast(name, ratio, 0.95, " x without");
    }
    table.print("Chat where nothing fails, with and without the machinery");
  }

  private ChatLoad.Result round(Target target, int connections) throws Exception {
    return ChatLoad.run(load, target, connections, 1);
  }

  private static double perSecond(List<ChatLoad.Result> rounds) {
    return Median.of(rounds, ChatLoad.Result::perSecond);
  }

  private static double cpu(List<ChatLoad.Result> rounds) {
    return Median.of(rounds, ChatLoad.Result::cpu);
  }

  private static void row(
      Table table, int connections, Target target, List<ChatLoad.Result> rounds) {
    table.row(connections, target.name(), perSecond(rounds), cpu(rounds));
  }
}
