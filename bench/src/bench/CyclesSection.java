package bench;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Loads and unloads a model again and again: what stays in the gateway, and which processes do. */
record CyclesSection(Options options, Verdicts verdicts) {

  /** The first loads bring classes and buffers that stay for good. */
  private static final int WARM_UP = 10;

  private static final int CYCLES = 50;

  void run() throws Exception {
    var folder = Files.createDirectories(options.work().resolve("cycles"));
    for (var name : List.of("one.gguf", "two.gguf")) {
      Files.copy(options.model(), folder.resolve(name));
    }
    int port = Child.freePort();
    try (var gateway = Child.start("cycles", options.work(), port, command(port, folder))) {
      var http = HttpClient.newHttpClient();
      for (int i = 0; i < WARM_UP; i++) load(http, port, i);
      double before = gateway.proc().rssMb();
      long begin = System.nanoTime();
      for (int i = 0; i < CYCLES; i++) load(http, port, i);
      double seconds = (System.nanoTime() - begin) / 1e9;
      double after = gateway.proc().rssMb();
      long workers = gateway.process().descendants().count();
      var table = new Table("", "");
      table.row("RSS after " + WARM_UP + " loads, MB", before);
      table.row("RSS after " + CYCLES + " more, MB", after);
      table.row("seconds for a load and an unload", seconds / CYCLES);
      table.row("processes of models at the end", (double) workers);
      table.print(CYCLES + " cycles of loading and unloading, with one model at a time");
      verdicts.atMost("growth of the RSS in " + CYCLES + " cycles", after - before, 10, " MB");
      verdicts.exactly("processes of models after them", workers, 1);
    }
  }

  private List<String> command(int port, Path folder) throws Exception {
    var config =
        Files.writeString(
            options.work().resolve("cycles.properties"),
            "caravan.local.models = " + folder + "\ncaravan.local.max-loaded = 1\n");
    var root = options.root();
    return List.of(
        "java",
        "@" + root.resolve("jvm.options"),
        "-jar",
        root.resolve("target/caravan.jar").toString(),
        "--port",
        Integer.toString(port),
        "--config",
        config.toString());
  }

  private static void load(HttpClient http, int port, int cycle) throws Exception {
    var body = "{\"model_name\":\"" + (cycle % 2 == 0 ? "one" : "two") + "\"}";
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/local/setModel"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    var answer = http.send(request.build(), BodyHandlers.ofString());
    if (answer.statusCode() != 200) throw new IllegalStateException(answer.body());
  }
}
