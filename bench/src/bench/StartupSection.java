package bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.Callable;

/** From the start of the process to the first list of models, and the memory of an idle gateway. */
record StartupSection(Lab lab, Load load, Options options, Verdicts verdicts) {

  private static final int IDLE_STREAMS = 1000;
  private static final byte[] IDLE = Wire.streamRequest(0, 100);

  void run() throws Exception {
    var table = new Table("", "best", "median");
    startUp(table, "java -jar", 2500, lab::plainGateway);
    var archive = "-XX:SharedArchiveFile=" + archive();
    startUp(table, "class-data archive", 1200, () -> lab.gateway(archive));
    idle(table);
    table.print("Start-up and idle memory of the gateway");
  }

  /** Made by a gateway at its end, as ./caravan has it made. */
  private Path archive() throws Exception {
    var file = options.work().resolve("caravan.jsa");
    Files.deleteIfExists(file);
    lab.gateway("-XX:ArchiveClassesAtExit=" + file).end(60);
    return file;
  }

  private void startUp(Table table, String name, double wanted, Callable<Child> start)
      throws Exception {
    var times = new ArrayList<Double>();
    for (int i = 0; i < options.pick(2, 5); i++) {
      try (var gateway = start.call()) {
        times.add(gateway.readyMs());
      }
    }
    double best = times.stream().mapToDouble(Double::doubleValue).min().orElse(Double.NaN);
    double median = Median.of(times, Double::doubleValue);
    table.row("ready, " + name + ", ms", best, median);
    verdicts.atMost("ready, " + name, median, wanted, " ms");
  }

  private void idle(Table table) throws Exception {
    try (var gateway = lab.gateway();
        var streams = new StreamLoad(load, Target.of("gateway", gateway), IDLE_STREAMS, IDLE)) {
      int seconds = options.pick(3, 10);
      Thread.sleep(seconds * 1000L);
      double idle = gateway.proc().rssMb();
      table.row("RSS " + seconds + " s after ready, MB", "", idle);
      streams.open();
      for (int i = 0; i < 100 && streams.begun() < IDLE_STREAMS; i++) Thread.sleep(100);
      Thread.sleep(options.pick(1, 3) * 1000L);
      table.row("idle streams that sent an event", "", streams.begun());
      table.row("RSS with them, MB", "", gateway.proc().rssMb());
      table.row("threads with them", "", gateway.proc().threads());
      verdicts.atMost("idle RSS", idle, 200, " MB");
    }
  }
}
