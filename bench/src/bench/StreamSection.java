package bench;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Streams of 50 events per second each: what a gateway adds to every event, and what it costs. */
record StreamSection(Lab lab, Pair pair, Load load, Options options, Verdicts verdicts) {

  private static final int EVENTS_PER_SECOND = 50;

  void run() throws Exception {
    for (int streams : List.of(100, 500)) {
      measure(pair.bare(), streams, options.pick(2, 4));
      measure(pair.gateway(), streams, options.pick(2, 4));
    }
    var ofGateway = new HashMap<Integer, StreamResult>();
    var ofUpstream = new HashMap<Integer, StreamResult>();
    var table =
        new Table(
            "streams", "", "done", "lost", "events/s", "first p50", "p99 ms", "delay p50", "p99 ms",
            "added p50", "p99 ms", "CPU us", "threads", "RSS MB", "load cores");
    for (int streams : options.quick() ? List.of(100, 500) : List.of(100, 500, 1000, 2000)) {
      int seconds = options.pick(2, streams > 1000 ? 8 : 5);
      var direct = measure(lab.upstream(), streams, seconds);
      var gateway = measure(pair.gateway(), streams, seconds);
      row(table, lab.upstream(), direct, direct);
      row(table, pair.bare(), measure(pair.bare(), streams, seconds), direct);
      row(table, pair.gateway(), gateway, direct);
      ofUpstream.put(streams, direct);
      ofGateway.put(streams, gateway);
    }
    table.print("Streams, " + EVENTS_PER_SECOND + " events/s each");
    judge500(ofGateway.get(500), ofUpstream.get(500));
    if (options.quick()) verdicts.skipped("2,000 streams", "not part of a quick run");
    else judge2000(ofGateway.get(2000), ofUpstream.get(2000));
    judgeCost(ofGateway);
  }

  private StreamResult measure(Target target, int streams, int seconds) throws Exception {
    try (var run = new StreamLoad(load, target, streams, seconds * EVENTS_PER_SECOND)) {
      return run.run();
    }
  }

  private static void row(Table table, Target target, StreamResult r, StreamResult direct) {
    table.row(
        r.streams(),
        target.name(),
        r.completed(),
        r.lost(),
        r.eventsPerSecond(),
        r.firstP50(),
        r.firstP99(),
        r.delayP50(),
        r.delayP99(),
        r.delayP50() - direct.delayP50(),
        r.delayP99() - direct.delayP99(),
        r.cpu(),
        r.threads(),
        r.rss(),
        r.loadCores());
  }

  private void judge500(StreamResult gateway, StreamResult direct) {
    double p50 = gateway.delayP50() - direct.delayP50();
    double p99 = gateway.delayP99() - direct.delayP99();
    verdicts.atMost("500 streams, added delay p50", p50, 0.5, " ms");
    verdicts.atMost("500 streams, added delay p99", p99, 6, " ms");
    verdicts.exactly("500 streams, events lost", gateway.lost(), 0);
  }

  private void judge2000(StreamResult gateway, StreamResult direct) {
    double p99 = gateway.delayP99() - direct.delayP99();
    verdicts.exactly("2,000 streams, completed", gateway.completed(), 2000);
    verdicts.exactly("2,000 streams, events lost", gateway.lost(), 0);
    verdicts.atMost("2,000 streams, added delay p99", p99, 20, " ms");
  }

  private void judgeCost(Map<Integer, StreamResult> ofGateway) {
    double threads = 0;
    double rss = 0;
    double cpu = 0;
    for (var result : ofGateway.values()) {
      threads = Math.max(threads, result.threads());
      rss = Math.max(rss, result.rss());
      cpu = Math.max(cpu, result.cpu());
    }
    verdicts.atMost("streams, most threads", threads, 80, "");
    verdicts.atMost("streams, most RSS", rss, 400, " MB");
    verdicts.atMost("streams, most CPU per event", cpu, 80, " us");
  }
}
