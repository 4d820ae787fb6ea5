package bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that holds a model and is spoken to over its standard streams. */
final class LocalProcess implements AutoCloseable {

  private final Process process;
  private final BufferedReader lines;
  private final Path note;

  LocalProcess(String name, Path work, List<String> command) throws IOException {
    var builder = new ProcessBuilder(command).directory(work.toFile());
    process = builder.redirectError(work.resolve(name + ".log").toFile()).start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    note = Files.writeString(work.resolve(process.pid() + ".pid"), process.pid() + "\n");
    lines = process.inputReader();
  }

  void tell(String line) throws IOException {
    process.outputWriter().write(line + "\n");
    process.outputWriter().flush();
  }

  /** The next line that begins like this, without its beginning. */
  String hear(String beginning) throws IOException {
    for (var line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith(beginning)) return line.substring(beginning.length());
    }
    throw new IOException("a model's process ended");
  }

  @Override
  public void close() throws Exception {
    process.outputWriter().close();
    if (!process.waitFor(3, TimeUnit.SECONDS)) process.destroyForcibly().waitFor();
    Files.deleteIfExists(note);
  }
}
