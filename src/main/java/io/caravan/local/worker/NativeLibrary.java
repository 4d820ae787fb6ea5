package io.caravan.local.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Where the native library is unpacked, and whether this processor can run it. */
final class NativeLibrary implements AutoCloseable {

  private static final List<String> NEEDED = List.of("avx2", "fma", "f16c", "bmi2");

  private final Path folder;

  /**
   * A new folder of its own: java-llama.cpp deletes every file whose name begins with "llama" in
   * the folder that it unpacks to, which by default is everybody's temporary folder.
   */
  NativeLibrary() throws IOException {
    folder = Files.createTempDirectory("caravan-worker-");
    System.setProperty("de.kherud.llama.tmpdir", folder.toString());
  }

  /** The instructions that the library was built with and this processor lacks; empty if none. */
  static String missingInstructions() throws IOException {
    var cpu = Path.of("/proc/cpuinfo");
    if (!System.getProperty("os.arch").equals("amd64") || !Files.exists(cpu)) return "";
    try (var lines = Files.lines(cpu)) {
      var flags = lines.filter(line -> line.startsWith("flags")).findFirst().orElse("");
      var present = List.of(flags.split("\\s+"));
      return String.join(", ", NEEDED.stream().filter(flag -> !present.contains(flag)).toList());
    }
  }

  /** Once the library is loaded its file is not needed (Windows holds on to it until the end). */
  @Override
  public void close() throws IOException {
    try (var files = Files.list(folder)) {
      for (var file : files.toList()) Files.deleteIfExists(file);
    }
    Files.deleteIfExists(folder);
  }
}
