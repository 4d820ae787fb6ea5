package io.caravan.dialect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException.BadAnswer;
import io.caravan.errors.GatewayException.UpstreamFailed;
import io.caravan.errors.UpstreamError;
import io.caravan.json.Json;
import io.caravan.streaming.ServerEvent;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Reads what a service sent: its errors become failures, and so does what is no answer. */
final class Answers {

  /** The reason, OpenRouter's or Ollama's, of an answer that broke off. */
  private static final String BROKEN = "error";

  private Answers() {}

  /** A whole answer; an error object may come with status 200 (runpod worker-vllm#57). */
  static ObjectNode whole(JsonNode answer) {
    if (!(answer instanceof ObjectNode object)) {
      throw new BadAnswer("an answer that is not a JSON object");
    }
    if (UpstreamError.isError(object)) throw new UpstreamFailed(UpstreamError.within(object));
    return object;
  }

  /** The list inside a whole answer. Servers written in Go may send null for an empty one. */
  static JsonNode list(JsonNode answer, String name) {
    JsonNode list = whole(answer).path(name);
    if (!list.isArray() && !list.isNull()) {
      throw new BadAnswer("an answer without a list `" + name + "`");
    }
    return list;
  }

  /** One event of a stream. */
  static ObjectNode event(ServerEvent event) {
    var data = parse(event.data());
    boolean failed = "error".equals(event.name());
    if (!(data instanceof ObjectNode object)) {
      if (failed) throw new UpstreamFailed(plainError(event.data()));
      throw new BadAnswer("an event that is not a JSON object");
    }
    if (failed || UpstreamError.isError(object)) {
      throw new UpstreamFailed(UpstreamError.within(object));
    }
    return object;
  }

  /** The word for why an answer ended, empty if there is none. An error is no end. */
  static String reason(JsonNode told) {
    var word = told.asText("");
    if (word.equals(BROKEN)) throw unfinished();
    return word;
  }

  /** What an answer is whose service has not told that it ended. */
  static BadAnswer unfinished() {
    return new BadAnswer("an answer that is not finished");
  }

  /** What a stream is that ended before its answer did. */
  static BadAnswer cutShort() {
    return new BadAnswer("a stream that was cut short");
  }

  private static JsonNode parse(String data) {
    try {
      return Json.read(data);
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  private static UpstreamError plainError(String text) {
    return UpstreamError.of(502, text.getBytes(StandardCharsets.UTF_8), Map.of());
  }
}
