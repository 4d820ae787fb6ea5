package io.caravan.inbound;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.dialect.AnswerStamp;
import io.caravan.dialect.ChunkFrame;
import io.caravan.dialect.CompletionChunks;
import io.caravan.dialect.CompletionKind;
import io.caravan.dialect.Embeddings;
import io.caravan.json.Json;
import io.caravan.resilience.Dispatch;
import io.caravan.routing.Target;
import io.caravan.streaming.AnswerStream;
import java.io.ByteArrayOutputStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;

/** A service's answer, by now in OpenAI's form, as the bytes that an OpenAI client expects. */
public final class AnswerWriter {

  private static final String JSON = "application/json";
  private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
  private static final int MAX_NAMED = 20;

  /** Exchange variable: set if models are to be named as their service does. */
  private static final String PLAIN_NAMES = "plainNames";

  /** vLLM's own option, which goes with {@code include_usage}. */
  private static final String USAGE_SO_FAR = "continuous_usage_stats";

  private final Clock clock;

  public AnswerWriter(Clock clock) {
    this.clock = clock;
  }

  /**
   * Writes a chat or text completion: whole, or as server-sent events if a stream was asked for.
   */
  @SuppressWarnings("unchecked")
  public void completion(Exchange exchange) {
    var request = exchange.getVariable("request", ObjectNode.class);
    var stamp = stamp(exchange);
    var frame =
        new ChunkFrame(stamp, wants(request, "include_usage"), wants(request, USAGE_SO_FAR));
    var writer = new ChunkWriter(target(exchange));
    Object answer = exchange.getMessage().getBody();
    tellDropped(exchange);
    Provenance.tell(exchange);
    if (answer instanceof AnswerStream<?> stream) {
      streamed(exchange, ((AnswerStream<ObjectNode>) stream).through(frame).through(writer));
    } else if (request.path("stream").asBoolean(false)) {
      streamed(exchange, events(stamp.whole((ObjectNode) answer), frame, writer));
    } else {
      whole(exchange, stamp.whole((ObjectNode) answer));
    }
  }

  /** Writes embeddings in the encoding that the client asked for, whatever the service sent. */
  public void embeddings(Exchange exchange) {
    var request = exchange.getVariable("request", ObjectNode.class);
    var answer = exchange.getMessage().getBody(JsonNode.class);
    var encoded = Embeddings.encoded(answer, request.path("encoding_format").asText(null));
    tellDropped(exchange);
    Provenance.tell(exchange);
    whole(exchange, encoded.put("model", target(exchange).unifiedName()));
  }

  private AnswerStamp stamp(Exchange exchange) {
    boolean chat = "chat".equals(exchange.getVariable("operation"));
    var id = (chat ? "chatcmpl-" : "cmpl-") + randomHex() + randomHex();
    var kind = chat ? CompletionKind.CHAT : CompletionKind.TEXT;
    return new AnswerStamp(kind, model(exchange), id, clock.instant().getEpochSecond());
  }

  /** Where a route has but one service, its models have no other names than there. */
  private static String model(Exchange exchange) {
    boolean plain = exchange.getVariable(PLAIN_NAMES) != null;
    return plain ? target(exchange).model() : target(exchange).unifiedName();
  }

  private static String randomHex() {
    return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
  }

  /** A service that cannot stream has answered: its answer as the one burst of a stream. */
  private static byte[] events(ObjectNode completion, ChunkFrame frame, ChunkWriter writer) {
    var bytes = new ByteArrayOutputStream();
    for (var chunk : CompletionChunks.of(completion)) {
      frame.next(chunk, framed -> writer.next(framed, bytes::writeBytes));
    }
    frame.end(framed -> writer.next(framed, bytes::writeBytes));
    writer.end(bytes::writeBytes);
    return bytes.toByteArray();
  }

  private static void streamed(Exchange exchange, Object body) {
    var message = exchange.getMessage();
    message.setHeader(Exchange.CONTENT_TYPE, "text/event-stream; charset=utf-8");
    message.setHeader("Cache-Control", "no-cache");
    message.setHeader("X-Accel-Buffering", "no");
    message.setBody(body);
  }

  private static void whole(Exchange exchange, ObjectNode answer) {
    exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, JSON);
    exchange.getMessage().setBody(Json.bytes(answer));
  }

  private static void tellDropped(Exchange exchange) {
    var dropped = (List<?>) exchange.getVariable(Dispatch.DROPPED);
    if (dropped.isEmpty()) return;
    var named = new ArrayList<String>();
    for (var name : dropped) {
      boolean plain = PLAIN_NAME.matcher(name.toString()).matches();
      if (plain && named.size() < MAX_NAMED) named.add(name.toString());
    }
    int more = dropped.size() - named.size();
    if (more > 0) named.add("and " + more + " more");
    exchange.getMessage().setHeader("x-caravan-dropped-params", String.join(", ", named));
  }

  private static boolean wants(ObjectNode request, String option) {
    return request.path("stream_options").path(option).asBoolean(false);
  }

  private static Target target(Exchange exchange) {
    return exchange.getVariable(Target.VARIABLE, Target.class);
  }
}
