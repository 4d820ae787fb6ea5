package bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts what is measured: the upstream for the whole run, proxy and gateway for each section. */
final class Lab implements AutoCloseable {

  /** Services that a gateway has without being told; none must run or be looked for here. */
  private static final List<String> BUILT_IN =
      List.of(
          "local",
          "ollama",
          "lmstudio",
          "jan",
          "gpt4all",
          "localai",
          "cortex",
          "vllm",
          "instructlab",
          "llama-server",
          "openai",
          "anthropic");

  private final Options options;
  private final Path config;
  private final Child upstream;

  Lab(Options options) throws Exception {
    this.options = options;
    config = options.work().resolve("caravan.properties");
    int port = Child.freePort();
    var heap = List.of("-XX:+UseSerialGC", "-Xms256m", "-Xmx1g", "-Xmn128m");
    upstream = Child.start("upstream", options.work(), port, program(heap, "Upstream", port));
    Files.writeString(config, properties());
  }

  Target upstream() {
    return Target.of("direct", upstream);
  }

  /** The reference, with the same JVM options as the gateway. */
  Child bareProxy() throws Exception {
    int port = Child.freePort();
    var command = program(List.of("@" + options.root().resolve("jvm.options")), "BareProxy", port, upstream.port());
    return Child.start("bare", options.work(), port, command);
  }

  /** The gateway as {@code java -jar} starts it, without the options that ./caravan gives. */
  Child plainGateway() throws Exception {
    int port = Child.freePort();
    var command = new ArrayList<String>();
    for (var word : options.gateway()) if (!word.startsWith("@")) command.add(fill(word, port));
    return Child.start("gateway", options.work(), port, command);
  }

  /** The gateway, with further JVM options behind its "java" if it has one. */
  Child gateway(String... jvmOptions) throws Exception {
    int port = Child.freePort();
    var command = new ArrayList<String>();
    for (var word : options.gateway()) command.add(fill(word, port));
    command.addAll(1, List.of(jvmOptions));
    return Child.start("gateway", options.work(), port, command);
  }

  /** A gateway of its own settings, with the same JVM options. */
  Child gatewayWith(String name, List<String> settings) throws Exception {
    int port = Child.freePort();
    var lines = new ArrayList<>(settings);
    for (var service : BUILT_IN) lines.add("caravan.service." + service + ".enabled=false");
    var file = Files.write(options.work().resolve(name + ".properties"), lines);
    var command = new ArrayList<String>();
    for (var word : options.gateway()) {
      command.add(fill(word.replace("{config}", file.toString()), port));
    }
    return Child.start(name, options.work(), port, command);
  }

  /** A service that fails now and then. */
  Child faultyUpstream() throws Exception {
    int port = Child.freePort();
    var heap = List.of("-XX:+UseSerialGC", "-Xms256m", "-Xmx1g");
    return Child.start("faulty", options.work(), port, program(heap, "FaultyUpstream", port));
  }

  @Override
  public void close() throws Exception {
    upstream.close();
  }

  private String fill(String word, int port) {
    return word.replace("{port}", Integer.toString(port))
        .replace("{upstream}", Integer.toString(upstream.port()))
        .replace("{config}", config.toString())
        .replace("{classpath}", System.getProperty("java.class.path"))
        .replace("{root}", options.root().toString());
  }

  private static List<String> program(List<String> jvmOptions, String name, int... ports) {
    var command = new ArrayList<>(List.of("java", "-cp", System.getProperty("java.class.path")));
    command.addAll(jvmOptions);
    command.add("bench." + name);
    for (int port : ports) command.add(Integer.toString(port));
    return command;
  }

  private String properties() throws IOException {
    var lines = new ArrayList<String>();
    lines.add("caravan.service.bench.provider=openai-compatible");
    lines.add("caravan.service.bench.urls=http://127.0.0.1:" + upstream.port());
    lines.add("caravan.default-service=bench");
    for (var name : BUILT_IN) lines.add("caravan.service." + name + ".enabled=false");
    return String.join("\n", lines) + "\n";
  }
}
