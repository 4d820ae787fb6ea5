package io.caravan.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException.UpstreamFailed;
import io.caravan.errors.UpstreamError;
import io.caravan.json.Json;
import io.caravan.streaming.AnswerStream;
import io.caravan.streaming.ServerEvent;
import io.caravan.streaming.Transformer;
import java.util.Map;

/**
 * How far a service is with a model: {@code {stage, done, total}}. The stage is in the service's
 * words; done and total are bytes, or a share of 100 where the service tells no more, and are left
 * out where it tells nothing.
 */
final class Progress {

  private Progress() {}

  static ObjectNode at(String stage) {
    return Json.object().put("stage", stage);
  }

  static ObjectNode at(String stage, long done, long total) {
    var progress = at(stage);
    if (total > 0) progress.put("done", Math.min(done, total)).put("total", total);
    return progress;
  }

  /** A share between 0 and 1. */
  static ObjectNode share(String stage, double share) {
    return at(stage, Math.round(share * 100), 100);
  }

  /** What a Kamelet answers: a running stream as progress, a whole answer as it is. */
  @SuppressWarnings("unchecked")
  static Object of(Object answer, Transformer<ServerEvent, ObjectNode> steps) {
    if (answer instanceof AnswerStream<?> stream) {
      return ((AnswerStream<ServerEvent>) stream).through(steps);
    }
    return Answers.whole((JsonNode) answer);
  }

  /** The service said that it failed, in an answer that was none. */
  static UpstreamFailed failed(String why) {
    var error = Json.object().put("error", why);
    return new UpstreamFailed(UpstreamError.of(502, Json.bytes(error), Map.of()));
  }

  /** The first of these fields that says something, or else the other words. */
  static String words(JsonNode object, String otherwise, String... names) {
    for (var name : names) {
      JsonNode value = object.path(name);
      if (value.isObject()) value = value.path("message");
      if (value.isTextual() && !value.asText().isBlank()) return value.asText();
    }
    return otherwise;
  }

  /** A request for one model, with the options that the client gave in the service's own words. */
  static ObjectNode model(ObjectNode wanted) {
    var request = Json.object();
    Json.copy(wanted, "model", request, "model");
    if (wanted.path("options") instanceof ObjectNode options) request.setAll(options);
    return request;
  }
}
