package bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A local model through the gateway, beside its engine with nothing around it. */
final class LocalSection {

  private static final int SLOTS = 4;
  private static final int CONTEXT = 2048;

  private final Options options;
  private final Verdicts verdicts;
  private final String threads =
      Integer.toString(Math.max(1, Runtime.getRuntime().availableProcessors() - 1));

  LocalSection(Options options, Verdicts verdicts) {
    this.options = options;
    this.verdicts = verdicts;
  }

  void jllama() throws Exception {
    var bias = EndTokens.banned(options.model());
    try (var engine = engine();
        var worker = worker()) {
      worker.tell("secret");
      int workerPort = Integer.parseInt(worker.hear("caravan ready "));
      engine.hear("ready");
      try (var gateway = gateway("jllama");
          var direct = new LocalClient(workerPort, "model", "secret", bias);
          var through = new LocalClient(gateway.port(), "local~" + name(), "none", bias)) {
        new LocalContest("jllama", options, verdicts)
            .with("1 engine", (streams, tokens) -> ask(engine, streams, tokens))
            .with("2 worker", direct::run)
            .with("3 gateway", through::run)
            .run();
      }
    }
  }

  /** The same program twice, with the same flags: once alone, once as the gateway's child. */
  void llamaServer() throws Exception {
    if (options.llamaServer() == null) {
      verdicts.skipped("llama-server", "no --llama-server FILE");
      return;
    }
    var bias = EndTokens.banned(options.model());
    int port = Child.freePort();
    try (var server = Child.start("llama-server", options.work(), port, server(port), "/health");
        var gateway = gateway("llama-server");
        var direct = new LocalClient(server.port(), "model", "none", bias);
        var through = new LocalClient(gateway.port(), "local~" + name(), "none", bias)) {
      new LocalContest("llama-server", options, verdicts)
          .with("1 alone", direct::run)
          .with("2 gateway", through::run)
          .run();
    }
  }

  private List<String> server(int port) {
    var command = new ArrayList<>(List.of(options.llamaServer().toString(), "--jinja", "--slots"));
    command.addAll(List.of("--model", options.model().toString(), "--port", "" + port));
    command.addAll(List.of("--host", "127.0.0.1", "--ctx-size", "" + SLOTS * CONTEXT));
    command.addAll(List.of("--parallel", "" + SLOTS, "--threads", threads));
    command.addAll(List.of("--batch-size", "512", "--flash-attn", "auto"));
    return command;
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

  private Child gateway(String engine) throws Exception {
    int port = Child.freePort();
    var folder = Files.createDirectories(options.work().resolve("models"));
    var link = folder.resolve(options.model().getFileName());
    if (!Files.exists(link)) Files.copy(options.model(), link);
    var lines =
        List.of(
            "caravan.local.models=" + folder,
            "caravan.local.parallel=" + SLOTS,
            "caravan.local.context=" + CONTEXT,
            "caravan.local.threads=" + threads,
            "caravan.local.engine=" + engine,
            "caravan.local.llama-server=" + (options.llamaServer() == null ? "" : options.llamaServer()));
    var config = Files.write(options.work().resolve(engine + ".properties"), lines);
    return Child.start("local-" + engine, options.work(), port, command(port, config));
  }

  private List<String> command(int port, Path config) {
    return options.gateway().stream()
        .map(word -> word.replace("{root}", options.root().toString()))
        .map(word -> word.replace("{port}", "" + port))
        .map(word -> word.replace("{config}", config.toString()))
        .toList();
  }

  private String name() {
    return options.model().getFileName().toString().replaceFirst("\\.gguf$", "");
  }
}
