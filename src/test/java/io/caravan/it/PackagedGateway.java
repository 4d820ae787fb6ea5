package io.caravan.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** The packaged jar as a running process of its own. */
final class PackagedGateway implements AutoCloseable {

  private static final Pattern IN_FLIGHT =
      Pattern.compile("(?m)^caravan_requests_in_flight (\\S+)$");

  private static final Pattern READY = Pattern.compile("ready at http://[^:]+:(\\d+)");

  private final Process process;
  private final Path console;
  private int port;
  private Client client;

  PackagedGateway(Process process, int port, Path console) {
    this.process = process;
    this.port = port;
    this.console = console;
    this.client = new Client(url());
  }

  /** A gateway with one service {@code fake} of a provider, which is the given fake. */
  static PackagedGateway before(FakeService fake, String provider, String... more)
      throws IOException {
    var lines = new String[more.length + 2];
    lines[0] = "caravan.service.fake.provider=" + provider;
    lines[1] = "caravan.service.fake.urls=" + fake.url();
    System.arraycopy(more, 0, lines, 2, more.length);
    return Launch.with(lines).start();
  }

  void awaitHealth() {
    try {
      if (port == 0) Await.until("its console names the port", this::learnPort);
      Await.until("GET /health of " + url(), this::isHealthy);
    } catch (AssertionError e) {
      close();
      throw new AssertionError(e.getMessage() + "\n" + console(), e);
    }
  }

  private boolean learnPort() {
    var named = READY.matcher(console());
    if (!named.find()) return false;
    port = Integer.parseInt(named.group(1));
    client = new Client(url());
    return true;
  }

  private boolean isHealthy() {
    if (!process.isAlive()) throw new AssertionError("it ended by itself:\n" + console());
    try {
      return client.get("/health").status() == 200;
    } catch (RuntimeException notYet) {
      return false;
    }
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  int port() {
    return port;
  }

  /** Its working directory. */
  Path directory() {
    return console.getParent();
  }

  Client client() {
    return client;
  }

  /** All that it has written to its console. */
  String console() {
    try {
      return Files.readString(console);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Nothing is left behind: the only call in flight is the question itself. */
  void assertIdle() {
    Await.until("nothing is in flight", Duration.ofSeconds(3), () -> inFlight() == 0);
    assertThat(client.get("/health").status()).isEqualTo(200);
  }

  int inFlight() {
    var matcher = IN_FLIGHT.matcher(client.get("/metrics").body());
    assertThat(matcher.find()).as("caravan_requests_in_flight in GET /metrics").isTrue();
    return (int) Double.parseDouble(matcher.group(1));
  }

  /** Asks it to end (SIGTERM). */
  void terminate() {
    process.destroy();
  }

  /** Ends it without a chance to do anything about it (SIGKILL). */
  void kill() {
    process.destroyForcibly();
  }

  boolean isRunning() {
    return process.isAlive();
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
