package io.caravan.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The engines of local models that are here: llama-server's tests skip themselves, saying so, where
 * neither the property {@code caravan.test.llama-server} nor CARAVAN_TEST_LLAMA_SERVER nor the PATH
 * has the program.
 */
enum LocalEngine {
  JLLAMA("jllama", null),
  LLAMA_SERVER("llama-server", program());

  private final String name;
  private final Path program;

  LocalEngine(String name, Path program) {
    this.name = name;
    this.program = program;
  }

  static Stream<LocalEngine> present() {
    if (LLAMA_SERVER.program != null) return Stream.of(values());
    System.out.println("There is no llama-server here: its tests are left out.");
    return Stream.of(JLLAMA);
  }

  /** A gateway with local models on this engine, and nothing else. */
  Launch launch(String... more) throws IOException {
    var lines =
        Stream.concat(
            Stream.of("caravan.service.local.enabled=true", "caravan.local.engine=" + name),
            program == null
                ? Stream.of(more)
                : Stream.concat(
                    Stream.of("caravan.local.llama-server=" + program), Stream.of(more)));
    return Launch.with(lines.toArray(String[]::new));
  }

  @Override
  public String toString() {
    return name;
  }

  private static Path program() {
    var named =
        System.getProperty("caravan.test.llama-server", System.getenv("CARAVAN_TEST_LLAMA_SERVER"));
    if (named != null) return Path.of(named).toAbsolutePath();
    return Stream.of(System.getenv("PATH").split(":"))
        .map(folder -> Path.of(folder, "llama-server"))
        .filter(Files::isExecutable)
        .findFirst()
        .orElse(null);
  }
}
