package bench;

import java.util.ArrayList;
import java.util.List;

/** Plain chat as fast as it goes: bare proxy and gateway in turns, the median of the rounds. */
record ChatSection(Pair pair, Load load, Options options, Verdicts verdicts) {

  void run() throws Exception {
    var table =
        new Table(
            "connections", "", "requests/s", "p50 ms", "p99 ms", "CPU us", "errors", "load cores");
    measure(16, table);
    measure(64, table);
    table.print("Chat, closed loop");
  }

  private void measure(int connections, Table table) throws Exception {
    var bareRounds = new ArrayList<ChatLoad.Result>();
    var gatewayRounds = new ArrayList<ChatLoad.Result>();
    for (int i = 0; i < options.pick(2, 5); i++) {
      bareRounds.add(ChatLoad.run(load, pair.bare(), connections, options.pick(1, 2)));
      gatewayRounds.add(ChatLoad.run(load, pair.gateway(), connections, options.pick(1, 2)));
    }
    var bare = median(bareRounds);
    var gateway = median(gatewayRounds);
    double throughput = gateway.perSecond() / bare.perSecond();
    double p99 = gateway.p99() / bare.p99();
    row(table, connections, pair.bare(), bare);
    row(table, connections, pair.gateway(), gateway);
    table.row(
        "",
        "ratio",
        throughput,
        gateway.p50() / bare.p50(),
        p99,
        gateway.cpu() / bare.cpu(),
        "",
        "");
    var at = "chat at " + connections + " connections, ";
    verdicts.atLeast(at + "requests/s", throughput, 0.6, " x bare proxy");
    verdicts.atMost(at + "p99", p99, 2.5, " x bare proxy");
    verdicts.exactly(at + "errors", gateway.errors(), 0);
  }

  private static void row(Table table, int connections, Target target, ChatLoad.Result r) {
    table.row(
        connections,
        target.name(),
        r.perSecond(),
        r.p50(),
        r.p99(),
        r.cpu(),
        r.errors(),
        r.loadCores());
  }

  private static ChatLoad.Result median(List<ChatLoad.Result> rounds) {
    return new ChatLoad.Result(
        Median.of(rounds, ChatLoad.Result::perSecond),
        Median.of(rounds, ChatLoad.Result::p50),
        Median.of(rounds, ChatLoad.Result::p99),
        Median.of(rounds, ChatLoad.Result::cpu),
        Median.of(rounds, ChatLoad.Result::loadCores),
        rounds.stream().mapToLong(ChatLoad.Result::errors).sum());
  }
}
