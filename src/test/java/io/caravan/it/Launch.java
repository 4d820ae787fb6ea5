package io.caravan.it;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** How the packaged jar is to be started; by default with no service at all. */
final class Launch {

  private static final Path JAR = Path.of("target/caravan.jar").toAbsolutePath();

  /** A process that lives for seconds is not worth optimising. */
  private static final List<String> QUICK_START =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

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

  private final List<String> lines = new ArrayList<>();
  private final List<String> arguments = new ArrayList<>();
  private final List<String> jvmOptions = new ArrayList<>();
  private final Map<String, String> environment = new HashMap<>();
  private final Path directory;

  private Launch(List<String> lines) throws IOException {
    this.lines.addAll(lines);
    directory = Files.createTempDirectory(JAR.getParent(), "it-"); // mvn clean takes them along
  }

  /** A launch whose settings are these lines; every built-in service is off unless they say so. */
  static Launch with(String... lines) throws IOException {
    var launch = new Launch(List.of());
    BUILT_IN.forEach(name -> launch.lines.add("caravan.service." + name + ".enabled=false"));
    launch.lines.addAll(List.of(lines));
    return launch;
  }

  /** A launch as it is out of the box. */
  static Launch plain() throws IOException {
    return new Launch(List.of());
  }

  Launch argument(String... more) {
    arguments.addAll(List.of(more));
    return this;
  }

  /** Gives options to the JVM itself. */
  Launch jvm(String... more) {
    jvmOptions.addAll(List.of(more));
    return this;
  }

  Launch environment(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** Leaves a line out of the settings. */
  Launch drop(String line) {
    lines.remove(line);
    return this;
  }

  /** Puts a file into the working directory. */
  Launch file(String name, String content) throws IOException {
    var file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
    return this;
  }

  /** Starts it and waits until it takes calls. */
  PackagedGateway start() throws IOException {
    return start(freePort());
  }

  /** Starts it on a port; 0 for any, which it then names on its console. */
  PackagedGateway start(int port) throws IOException {
    var gateway = begin(port);
    gateway.awaitHealth();
    return gateway;
  }

  /** Starts it on a port without waiting for anything. */
  PackagedGateway begin(int port) throws IOException {
    arguments.addAll(List.of("--port", String.valueOf(port)));
    if (!lines.isEmpty()) {
      file("test.properties", String.join("\n", lines));
      arguments.addAll(List.of("--config", directory.resolve("test.properties").toString()));
    }
    return new PackagedGateway(process(), port, console());
  }

  /** Starts it again where it ran before, with what it left there. */
  PackagedGateway restart() throws IOException {
    arguments.clear();
    return start();
  }

  /** The same on the port that it had. */
  PackagedGateway again(int port) throws IOException {
    arguments.clear();
    return start(port);
  }

  /** The folder that it runs in. */
  Path directory() {
    return directory;
  }

  /** Starts it with the arguments alone and waits until it has ended. */
  Ended run() throws IOException, InterruptedException {
    var process = process();
    try {
      if (!process.waitFor(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("it did not end: " + Files.readString(console()));
      }
    } finally {
      process.destroyForcibly();
    }
    return new Ended(process.exitValue(), Files.readString(console()));
  }

  /** What is left of a process that ended by itself. */
  record Ended(int exit, String console) {}

  /** Below 32768, where the system takes no ports for outgoing connections. */
  static int freePort() throws IOException {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(12_000, 32_000);
      try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException taken) {
        continue;
      }
    }
  }

  private Path console() {
    return directory.resolve("console.txt");
  }

  private Process process() throws IOException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var command = new ArrayList<>(List.of(java));
    command.addAll(QUICK_START);
    command.addAll(ClassArchive.options(List.copyOf(command), JAR));
    command.addAll(jvmOptions);
    command.addAll(List.of("-jar", JAR.toString()));
    command.addAll(arguments);
    var builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().keySet().removeIf(name -> name.matches("CARAVAN_.*|.*_API_KEY"));
    builder.environment().putAll(environment);
    File console = console().toFile();
    return builder.redirectErrorStream(true).redirectOutput(console).start();
  }
}
