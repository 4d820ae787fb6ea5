package bench;

import io.vertx.core.Verticle;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that the benchmark started and that answers on a port of its own. */
record Child(Process process, int port, double readyMs, Path note) implements AutoCloseable {

  private static final long READY_LIMIT_MS = 60_000;
  private static final String PROBE =
      "GET %s HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n";

  /** Starts a program, leaves its id to {@code bench/run}, and waits until it lists its models. */
  static Child start(String name, Path work, int port, List<String> command) throws Exception {
    return start(name, work, port, command, "/v1/models");
  }

  /** The same for a program that answers another path when it is ready. */
  static Child start(String name, Path work, int port, List<String> command, String path)
      throws Exception {
    var log = work.resolve(name + ".log").toFile();
    var builder = new ProcessBuilder(command).directory(work.toFile());
    builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log));
    long start = System.nanoTime();
    var process = builder.start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    var note = Files.writeString(work.resolve(process.pid() + ".pid"), process.pid() + "\n");
    while (!answers(port, path)) {
      Thread.sleep(5);
      if (process.isAlive() && System.nanoTime() - start < READY_LIMIT_MS * 1_000_000) continue;
      process.destroyForcibly();
      throw new IOException(name + " did not become ready; see " + log);
    }
    return new Child(process, port, (System.nanoTime() - start) / 1e6, note);
  }

  static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** What a program of the benchmark does: serve on one event loop until its parent has gone. */
  static void run(Verticle server) {
    Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1)).deployVerticle(server);
    try {
      while (System.in.read() >= 0) continue;
    } catch (IOException e) {
      System.err.println("parent gone: " + e.getMessage());
    }
    Runtime.getRuntime().halt(0);
  }

  Proc proc() {
    return new Proc(process.pid());
  }

  @Override
  public void close() throws Exception {
    end(3);
  }

  /** Asks it to end, and makes it after the given time. */
  void end(int seconds) throws Exception {
    process.destroy();
    if (!process.waitFor(seconds, TimeUnit.SECONDS)) process.destroyForcibly().waitFor();
    Files.deleteIfExists(note);
  }

  private static boolean answers(int port, String path) {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      socket.setSoTimeout(5000);
      socket
          .getOutputStream()
          .write(String.format(PROBE, path).getBytes(StandardCharsets.US_ASCII));
      var statusLine =
          new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
      return statusLine.endsWith(" 200");
    } catch (IOException e) {
      return false;
    }
  }
}
