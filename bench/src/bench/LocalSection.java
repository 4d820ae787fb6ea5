package bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A local model through the gateway, beside its engine in a process with nothing around it. */
final class LocalSection {

  private static final int SLOTS = 4;
  private static final int CONTEXT = 2048;
  private static final int[] STREAMS = {1, 4};

  private final Options options;
  private final Verdicts verdicts;
  private final String threads =
      Integer.toString(Math.max(1, Runtime.getRuntime().availableProcessors() - 1));

  LocalSection(Options options, Verdicts verdicts) {
    this.options = options;
    this.verdicts = verdicts;
  }

  private interface Contender {
    LocalRun run(int streams, int tokens) throws Exception;
  }

  void run() throws Exception {
    var bias = EndTokens.banned(options.model());
    try (var engine = engine();
        var worker = worker()) {
      worker.tell("secret");
      int workerPort = Integer.parseInt(worker.hear("caravan ready "));
      engine.hear("ready");
      int port = Child.freePort();
      try (var gateway = Child.start("local", options.work(), port, gateway(port));
          var direct = new LocalClient(workerPort, "model", "secret", bias);
          var through = new LocalClient(gateway.port(), "local~" + name(), "none", bias)) {
        measure(Map.of("1 engine", (s, t) -> ask(engine, s, t), "2 worker", direct::run, "3 gateway", through::run));
      }
    }
  }

  private void measure(Map<String, Contender> contenders) throws Exception {
    var sorted = new TreeMap<>(contenders);
    int tokens = tokens(sorted.get("1 engine"));
    for (var contender : sorted.values()) warmUp(contender);
    var table = new Table("", "streams", "tokens/s", "ratio", "first ms");
    for (int streams : STREAMS) {
      var runs = new TreeMap<String, List<LocalRun>>();
      for (int round = -options.pick(2, 4); round < options.pick(5, 15); round++) {
        for (var contender : sorted.entrySet()) {
          var run = contender.getValue().run(streams, tokens);
          if (round >= 0) runs.computeIfAbsent(contender.getKey(), k -> new ArrayList<>()).add(run);
        }
      }
      report(table, streams, runs);
    }
    table.print("Local model " + name() + ", " + tokens + " tokens each, threads " + threads);
  }

  /** Java becomes fast by use: all contenders get the same, as chat's do. */
  private void warmUp(Contender contender) throws Exception {
    for (int i = 0; i < options.pick(50, 200); i++) contender.run(STREAMS[i % STREAMS.length], 24);
  }

  private void report(Table table, int streams, Map<String, List<LocalRun>> runs) {
    double engine = Median.of(runs.get("1 engine"), LocalRun::rate);
    double engineFirst = Median.of(runs.get("1 engine"), LocalRun::firstMs);
    for (var contender : runs.entrySet()) {
      double rate = Median.of(contender.getValue(), LocalRun::rate);
      double first = Median.of(contender.getValue(), LocalRun::firstMs);
      table.row(contender.getKey(), streams, rate, rate / engine, first);
      if (!contender.getKey().equals("3 gateway")) continue;
      verdicts.atLeast("local tokens/s at " + streams + " streams", rate / engine, 0.97, " x");
      if (streams == 1) verdicts.atMost("local first token, added", first - engineFirst, 5, " ms");
    }
  }

  /** As many tokens as the engine alone makes in a second or so. */
  private int tokens(Contender engine) throws Exception {
    engine.run(1, 32);
    double rate = engine.run(1, 64).rate();
    return (int) Math.max(32, Math.min(512, rate));
  }

  private static LocalRun ask(LocalProcess engine, int streams, int tokens) throws Exception {
    engine.tell(streams + " " + tokens);
    var words = engine.hear("").split(" ");
    return new LocalRun(streams * tokens / Double.parseDouble(words[0]), Double.parseDouble(words[1]));
  }

  private LocalProcess engine() throws Exception {
    var temporary = Files.createDirectories(options.work().resolve("native"));
    return new LocalProcess(
        "engine",
        options.work(),
        java(
            List.of("-Dde.kherud.llama.tmpdir=" + temporary),
            "bench.NativeEngine",
            System.getProperty("java.class.path") + ":" + options.root() + "/target/lib/*"));
  }

  private LocalProcess worker() throws Exception {
    var path = options.root() + "/target/caravan.jar:" + options.root() + "/target/lib/*";
    var jvm = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xms32m", "-Xmx256m");
    return new LocalProcess(
        "worker", options.work(), java(jvm, "io.caravan.local.worker.LlamaWorker", path));
  }

  private List<String> java(List<String> jvm, String main, String path) {
    var command = new ArrayList<>(List.of("java", "-cp", path));
    command.addAll(jvm);
    command.addAll(List.of(main, options.model().toString(), "" + SLOTS, "" + CONTEXT, threads));
    return command;
  }

  private List<String> gateway(int port) throws Exception {
    var folder = Files.createDirectories(options.work().resolve("models"));
    var link = folder.resolve(options.model().getFileName());
    if (!Files.exists(link)) Files.copy(options.model(), link);
    var config = options.work().resolve("local.properties");
    Files.writeString(
        config,
        "caravan.local.models=%s\ncaravan.local.parallel=%d\ncaravan.local.context=%d\n"
            .formatted(folder, SLOTS, CONTEXT));
    var command = new ArrayList<String>();
    for (var word : options.gateway()) {
      command.add(
          word.replace("{root}", options.root().toString())
              .replace("{port}", "" + port)
              .replace("{config}", config.toString()));
    }
    return command;
  }

  private String name() {
    return options.model().getFileName().toString().replaceFirst("\\.gguf$", "");
  }
}
