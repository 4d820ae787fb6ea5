package bench;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayList;
import java.util.List;

/**
 * A fast OpenAI service: fixed answers, no JSON parsing.
 *
 * <p>A stream's events leave at a steady pace. The client says in its message what it wants,
 * "events=300 every=20" for one per 20 ms; the first goes at once. With no events it sends that one
 * and then waits.
 */
public final class Upstream extends AbstractVerticle {

  private static final int PERIOD_MS = 100;

  private final int port;

  /** The streams whose turn it is in each millisecond of the period. */
  private final List<List<Stream>> turns = new ArrayList<>();

  private final long start = System.nanoTime();
  private long lastTick;
  private int nextTurn;

  private Upstream(int port) {
    this.port = port;
    for (int i = 0; i < PERIOD_MS; i++) turns.add(new ArrayList<>());
  }

  public static void main(String[] args) {
    Child.run(new Upstream(Integer.parseInt(args[0])));
  }

  @Override
  public void start() {
    vertx.createHttpServer().requestHandler(this::handle).listen(port, "127.0.0.1");
    vertx.setPeriodic(1, id -> tick());
  }

  private void handle(HttpServerRequest request) {
    switch (request.path()) {
      case "/v1/models" -> json(request.response(), Wire.MODELS);
      case "/v1/chat/completions" ->
          request.body().onSuccess(body -> chat(body.toString("ISO-8859-1"), request.response()));
      default -> request.response().setStatusCode(404).end();
    }
  }

  private void chat(String body, HttpServerResponse response) {
    if (body.contains("\"stream\":true") || body.contains("\"stream\": true")) {
      stream(body, response);
    } else {
      json(response, Wire.COMPLETION);
    }
  }

  private static void json(HttpServerResponse response, Buffer body) {
    response.putHeader("content-type", "application/json").end(body);
  }

  private void stream(String body, HttpServerResponse response) {
    response.setChunked(true).putHeader("content-type", "text/event-stream");
    response.write(Wire.ROLE);
    response.write(Wire.event(0));
    int events = Wire.number(body, Wire.EVENTS);
    int every = Wire.number(body, Wire.EVERY);
    if (events == 0) return;
    var stream = new Stream(response, events);
    int first = nextTurn++ % every;
    for (int i = first; i < PERIOD_MS; i += every) turns.get(i).add(stream);
  }

  /**
   * Serves every turn since the last tick. If this process is far too late, some turns are left
   * out: the schedule slips, and the report shows it as a lower rate.
   */
  private void tick() {
    long now = (System.nanoTime() - start) / 1_000_000;
    lastTick = Math.max(lastTick, now - PERIOD_MS);
    while (lastTick < now) {
      lastTick++;
      turns.get((int) (lastTick % PERIOD_MS)).removeIf(Stream::send);
    }
  }

  private static final class Stream {
    private final HttpServerResponse response;
    private final int events;
    private int sent = 1;

    Stream(HttpServerResponse response, int events) {
      this.response = response;
      this.events = events;
    }

    /** Sends the next event, or the end; true if there is nothing more to send. */
    boolean send() {
      if (response.ended() || response.closed()) return true;
      if (sent < events) {
        response.write(Wire.event(sent++));
        return false;
      }
      response.end(Wire.FINISH);
      return true;
    }
  }
}
