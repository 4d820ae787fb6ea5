package bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The reference: the least a gateway must do, on one event loop. JSON in, another model name, JSON
 * out, and the same on the way back; a stream's bytes are piped unread.
 */
public final class BareProxy extends AbstractVerticle {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final int port;
  private final int upstreamPort;
  private HttpClient client;

  private BareProxy(int port, int upstreamPort) {
    this.port = port;
    this.upstreamPort = upstreamPort;
  }

  public static void main(String[] args) {
    Child.run(new BareProxy(Integer.parseInt(args[0]), Integer.parseInt(args[1])));
  }

  @Override
  public void start() {
    var options =
        new HttpClientOptions()
            .setDefaultHost("127.0.0.1")
            .setDefaultPort(upstreamPort)
            .setMaxPoolSize(10_000);
    client = vertx.createHttpClient(options);
    vertx.createHttpServer().requestHandler(this::handle).listen(port, "127.0.0.1");
  }

  private void handle(HttpServerRequest request) {
    request
        .body()
        .onSuccess(body -> forward(request, body))
        .onFailure(failure -> request.response().reset());
  }

  private void forward(HttpServerRequest request, Buffer body) {
    var outgoing = body.length() == 0 ? body : withModel(body, "bench");
    client
        .request(request.method(), request.uri())
        .compose(upstream -> upstream.putHeader("content-type", "application/json").send(outgoing))
        .onSuccess(answer -> answer(request, answer))
        .onFailure(failure -> request.response().setStatusCode(502).end());
  }

  private void answer(HttpServerRequest request, HttpClientResponse answer) {
    var response = request.response().setStatusCode(answer.statusCode());
    var type = answer.getHeader("content-type");
    if (type != null) response.putHeader("content-type", type);
    if (type != null && type.startsWith("text/event-stream")) {
      pipe(answer, response);
    } else if (request.method() == HttpMethod.POST && answer.statusCode() == 200) {
      answer.body().onSuccess(body -> response.end(withModel(body, Wire.MODEL)));
    } else {
      response.send(answer);
    }
  }

  private static void pipe(HttpClientResponse answer, HttpServerResponse response) {
    response.setChunked(true).closeHandler(closed -> answer.request().reset());
    answer.pipeTo(response);
  }

  private static Buffer withModel(Buffer body, String model) {
    try {
      JsonNode tree = JSON.readTree(body.getBytes());
      ((ObjectNode) tree).put("model", model);
      return Buffer.buffer(JSON.writeValueAsBytes(tree));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
