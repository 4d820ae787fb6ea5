package io.caravan.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.caravan.errors.GatewayException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Where a download is led by redirects. 0.0.0.0 stands for all that is forbidden: if nothing kept
 * Caravan from it, the packets would still not leave this machine.
 */
class RemoteGuardTest {

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private String location;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        call -> {
          asked.add(call.getRequestURI().getPath());
          call.getResponseHeaders().set("Location", location);
          call.sendResponseHeaders(call.getRequestURI().getPath().equals("/a") ? 302 : 204, -1);
          call.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void isNotLedToWhereNobodyMayGo() {
    for (var scheme :
        List.of("http://0.0.0.0:%d/b", "http://[::]:%d/b", "http://0:%d/b", "file:///etc/passwd")) {
      location = scheme.formatted(server.getAddress().getPort());
      assertThatThrownBy(() -> open("/a")).as(location).hasMessageContaining("The URL in 'url'");
    }
    assertThat(asked).containsOnly("/a");
  }

  @Test
  void isNotLedInCircles() {
    location = "/a";
    assertThatThrownBy(() -> open("/a"))
        .as("a final answer: another attempt would go the same way")
        .isInstanceOf(GatewayException.Conflict.class)
        .hasMessageContaining("without an end");
    assertThat(asked).hasSize(6);
  }

  @Test
  void isLedElsewhere() {
    location = "/b";
    assertThatThrownBy(() -> open("/a")).hasMessageContaining("status 204");
    assertThat(asked).containsExactly("/a", "/b");
  }

  private Remote open(String path) {
    var url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    return Remote.open(url, new Hub("https://huggingface.co", null), 0, null);
  }
}
