package bench;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/**
 * Two services in one: below {@code /spare} all goes well, below {@code /main} every tenth call has
 * a fault, each kind in its turn. Both stream the same words, one each quarter of a second.
 */
public final class FaultyUpstream extends AbstractVerticle {

  static final int WORDS = 40;

  private static final int PACE_MS = 250;
  private static final Buffer ERROR =
      Buffer.buffer("{\"error\":{\"message\":\"boom\",\"type\":\"server_error\",\"code\":500}}");

  /** What may go wrong; the last four behind half of the words. */
  private enum Fault {
    STATUS_500,
    BUSY,
    RESET,
    EMPTY,
    SILENT,
    MALFORMED,
    CUT,
    NO_FINISH,
    FAILED,
    STALLED
  }

  private final int port;
  private int calls;

  private FaultyUpstream(int port) {
    this.port = port;
  }

  public static void main(String[] args) {
    Child.run(new FaultyUpstream(Integer.parseInt(args[0])));
  }

  @Override
  public void start() {
    vertx.createHttpServer().requestHandler(this::handle).listen(port, "127.0.0.1");
  }

  private void handle(HttpServerRequest request) {
    if (request.path().endsWith("/v1/models")) {
      request.response().putHeader("content-type", "application/json").end(Wire.MODELS);
      return;
    }
    boolean fails = request.path().startsWith("/main") && calls++ % 10 == 0;
    var fault = fails ? Fault.values()[calls / 10 % Fault.values().length] : null;
    request.body().onSuccess(body -> answer(request, fault));
  }

  private void answer(HttpServerRequest request, Fault fault) {
    var response = request.response();
    if (fault == Fault.SILENT) return;
    if (fault == Fault.RESET) request.connection().close();
    else if (fault == Fault.STATUS_500) response.setStatusCode(500).end(ERROR);
    else if (fault == Fault.BUSY)
      response.setStatusCode(429).putHeader("retry-after-ms", "500").end(ERROR);
    else stream(response.putHeader("content-type", "text/event-stream"), fault);
  }

  private void stream(HttpServerResponse response, Fault fault) {
    response.setChunked(true);
    if (fault == Fault.EMPTY) {
      response.end();
      return;
    }
    response.write(Wire.ROLE);
    int[] next = {0};
    vertx.setPeriodic(
        PACE_MS,
        timer -> {
          if (response.closed() || !say(response, next[0]++, fault)) vertx.cancelTimer(timer);
        });
  }

  /** Says one word; false if there is none left, or another's turn does not come. */
  private static boolean say(HttpServerResponse response, int number, Fault fault) {
    if (number == WORDS) response.end(Wire.FINISH);
    else if (number != WORDS / 2 || fault == null) response.write(word(number));
    else if (fault == Fault.MALFORMED) {
      response.write("data: {\"choices\":[{\n\n");
      response.write(word(number));
    } else return breakOff(response, fault);
    return number < WORDS;
  }

  private static boolean breakOff(HttpServerResponse response, Fault fault) {
    if (fault == Fault.CUT) response.reset();
    if (fault == Fault.NO_FINISH) response.end();
    if (fault == Fault.FAILED) {
      response.end(Buffer.buffer("data: ").appendBuffer(ERROR).appendString("\n\n"));
    }
    return false;
  }

  private static Buffer word(int number) {
    return Wire.text("w" + number + " ");
  }
}
