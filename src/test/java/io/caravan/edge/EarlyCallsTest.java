package io.caravan.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Who comes while the gateway starts or stops is neither refused nor told that there is no such
 * route.
 */
@Timeout(20)
class EarlyCallsTest {

  private final Vertx vertx = Vertx.vertx();
  private final DefaultCamelContext context = new DefaultCamelContext();
  private final HttpClient http = HttpClient.newHttpClient();
  private AsyncHttpEngine engine;
  private int port;

  @BeforeEach
  void listen() throws Exception {
    try (var free = new java.net.ServerSocket(0)) {
      port = free.getLocalPort();
    }
    var options = new ServerOptions("127.0.0.1", port, 1 << 20, Duration.ofSeconds(10), 2, 1 << 16);
    engine = new AsyncHttpEngine(vertx, options, exchange -> {});
    context.getRegistry().bind("platform-http-engine", engine);
    engine.listen();
    context.start();
  }

  @AfterEach
  void close() {
    context.stop();
    engine.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void waitForTheRoutesThatTheyAreFor() throws Exception {
    var first = post("/first");
    var later = post("/later");
    var none = post("/none");
    addRoute("/first");
    engine.open();
    assertEquals("/first took: hello", body(first));
    addRoute("/later");
    engine.complete();
    assertEquals("/later took: hello", body(later));
    assertEquals(404, none.get(10, TimeUnit.SECONDS).statusCode());
  }

  @Test
  void waitForTheMethodThatTheyAreFor() throws Exception {
    addRoute("/list?httpMethodRestrict=GET");
    engine.open();
    var early = post("/list");
    assertEquals(
        "/list?httpMethodRestrict=GET took: ", body(connecting(request("/list").GET().build())));
    addRoute("/list?httpMethodRestrict=POST");
    engine.complete();
    assertEquals("/list?httpMethodRestrict=POST took: hello", body(early));
  }

  @Test
  void aWildcardTakesOnlyWhatNoOtherPathTakes() throws Exception {
    addRoute("/models/*");
    addRoute("/models");
    engine.open();
    engine.complete();
    assertEquals("/models took: hello", body(post("/models")));
    assertEquals("/models/* took: hello", body(post("/models/some")));
  }

  @Test
  void afterTheStopSignalNobodyIsToldThatThereIsNoRoute() throws Exception {
    addRoute("/first");
    engine.open();
    engine.complete();
    engine.stopping();
    for (var path : new String[] {"/first", "/gone", "/health/ready"}) {
      var refused = post(path).get(10, TimeUnit.SECONDS);
      assertEquals(503, refused.statusCode());
      assertEquals("5", refused.headers().firstValue("Retry-After").orElse(""));
    }
    for (var path : new String[] {"/health", "/health/live"}) {
      var live = connecting(request(path).GET().build()).get(10, TimeUnit.SECONDS);
      assertEquals(200, live.statusCode());
      assertEquals("{\"status\":\"ok\"}", live.body());
    }
  }

  private CompletableFuture<HttpResponse<String>> post(String path) {
    return connecting(request(path).POST(BodyPublishers.ofString("hello")).build());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
  }

  /** The port is open a moment after {@code listen}. */
  private CompletableFuture<HttpResponse<String>> connecting(HttpRequest request) {
    return http.sendAsync(request, BodyHandlers.ofString())
        .handle(
            (answer, failure) ->
                failure == null
                    ? CompletableFuture.completedFuture(answer)
                    : failure.getCause() instanceof java.net.ConnectException
                        ? connecting(request)
                        : CompletableFuture.<HttpResponse<String>>failedFuture(failure))
        .thenCompose(next -> next);
  }

  private static String body(CompletableFuture<HttpResponse<String>> answer)
      throws ExecutionException, InterruptedException, java.util.concurrent.TimeoutException {
    return answer.get(10, TimeUnit.SECONDS).body();
  }

  private void addRoute(String path) throws Exception {
    context.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("platform-http:" + path).setBody().simple(path + " took: ${body}");
          }
        });
  }
}
