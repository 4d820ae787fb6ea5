package bench;

import java.util.ArrayList;
import java.util.List;

/** Many streams at once: what a gateway adds to every event, and what it costs. */
record StreamSection(Lab lab, Pair pair, Load load, Options options, Verdicts verdicts) {

  private record Level(int streams, int perSecond, int seconds, int rounds) {}

  private record Run(Level level, StreamResult direct, StreamResult bare, StreamResult gateway) {}

  void run() throws Exception {
    for (int streams : List.of(100, 500)) {
      var warmUp = new Level(streams, 50, options.pick(2, 10), 1);
      measure(pair.bare(), warmUp);
      measure(pair.gateway(), warmUp);
    }
    var runs = new ArrayList<Run>();
    for (var level : levels()) {
      runs.add(measure(level));
    }
    print(runs);
    runs.forEach(this::judge);
    if (options.quick()) verdicts.skipped("2,000 streams", "not part of a quick run");
    judgeCost(runs);
  }

  /** The last level has the same streams at a pace that two cores can carry. */
  private List<Level> levels() {
    if (options.quick()) return List.of(new Level(100, 50, 2, 1), new Level(500, 50, 2, 1));
    return List.of(
        new Level(100, 50, 4, 1),
        new Level(500, 50, 4, 3),
        new Level(1000, 50, 5, 1),
        new Level(2000, 50, 6, 1),
        new Level(2000, 10, 7, 1));
  }

  /** The three in turns, the median of the rounds. */
  private Run measure(Level level) throws Exception {
    var direct = new ArrayList<StreamResult>();
    var bare = new ArrayList<StreamResult>();
    var gateway = new ArrayList<StreamResult>();
    for (int i = 0; i < level.rounds(); i++) {
      direct.add(measure(lab.upstream(), level));
      bare.add(measure(pair.bare(), level));
      gateway.add(measure(pair.gateway(), level));
    }
    return new Run(
        level,
        StreamResult.median(direct),
        StreamResult.median(bare),
        StreamResult.median(gateway));
  }

  private StreamResult measure(Target target, Level level) throws Exception {
    int events = level.seconds() * level.perSecond();
    var request = Wire.streamRequest(events, 1000 / level.perSecond());
    try (var load = new StreamLoad(this.load, target, level.streams(), request)) {
      return load.run(events, level.seconds());
    }
  }

  private void print(List<Run> runs) {
    var table =
        new Table(
            "streams x events/s",
            "",
            "done",
            "lost",
            "events/s",
            "first p50",
            "p99 ms",
            "delay p50",
            "p99 ms",
            "added p50",
            "p99 ms",
            "CPU us",
            "threads",
            "RSS MB",
            "load cores");
    for (var run : runs) {
      var name = run.level().streams() + " x " + run.level().perSecond();
      row(table, name, lab.upstream(), run.direct(), run.direct());
      row(table, name, pair.bare(), run.bare(), run.direct());
      row(table, name, pair.gateway(), run.gateway(), run.direct());
    }
    table.print("Streams");
    for (var run : runs) {
      if (run.gateway().failures().isEmpty()) continue;
      System.out.println(
          "  gateway, "
              + run.level().streams()
              + " streams, failures: "
              + run.gateway().failures());
    }
  }

  private static void row(
      Table table, String name, Target target, StreamResult r, StreamResult direct) {
    table.row(
        name,
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

  private void judge(Run run) {
    int streams = run.level().streams();
    var name = streams + " streams of " + run.level().perSecond() + " events/s, ";
    verdicts.exactly(name + "completed", run.gateway().completed(), streams);
    verdicts.exactly(name + "events lost", run.gateway().lost(), 0);
    double p50 = run.gateway().delayP50() - run.direct().delayP50();
    double p99 = run.gateway().delayP99() - run.direct().delayP99();
    double bareP50 = run.bare().delayP50() - run.direct().delayP50();
    double bareP99 = run.bare().delayP99() - run.direct().delayP99();
    if (streams == 500) verdicts.atMost(name + "added delay p50", p50, 0.5, " ms", bareP50);
    if (streams == 500) verdicts.atMost(name + "added delay p99", p99, 6, " ms", bareP99);
    if (streams == 2000) verdicts.atMost(name + "added delay p99", p99, 20, " ms", bareP99);
  }

  private void judgeCost(List<Run> runs) {
    double threads = 0;
    double rss = 0;
    double cpu = 0;
    for (var run : runs) {
      threads = Math.max(threads, run.gateway().threads());
      rss = Math.max(rss, run.gateway().rss());
      cpu = Math.max(cpu, run.gateway().cpu());
    }
    verdicts.atMost("streams, most threads", threads, 80, "");
    verdicts.atMost("streams, most RSS", rss, 400, " MB");
    verdicts.atMost("streams, most CPU per event", cpu, 80, " us");
  }
}
