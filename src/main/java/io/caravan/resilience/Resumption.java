package io.caravan.resilience;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import io.caravan.resilience.Rules.Recovery;
import io.caravan.routing.Target;
import io.caravan.streaming.AnswerStream;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How an answer goes on whose stream has broken off. A target that can is given what was delivered
 * as the beginning of its answer; any other starts afresh, and must say the same again.
 */
final class Resumption {

  /** An answer may well go on with a few characters that it began with. */
  private static final int MIN_ECHO = 8;

  /**
   * Fields that hold an answer to a form, which applies to what is new and not to its beginning.
   */
  private static final List<String> FORMS =
      List.of(
          "format",
          "json_schema",
          "grammar",
          "ebnf",
          "regex",
          "guided_json",
          "guided_regex",
          "guided_choice",
          "guided_grammar",
          "structured_outputs");

  private final ObjectNode request;
  private final String delivered;
  private final Recovery recovery;
  private final Set<String> refused = new HashSet<>();

  /**
   * @param request as the client sent it
   * @param delivered what the client has got of the answer
   */
  Resumption(ObjectNode request, String delivered, Recovery recovery) {
    this.request = request;
    this.delivered = delivered;
    this.recovery = recovery;
  }

  /** The request as the client sent it. */
  ObjectNode original() {
    return request;
  }

  String delivered() {
    return delivered;
  }

  /** The request for a target: to go on, or to start afresh. */
  ObjectNode request(Target target) {
    if (!continues(target)) return request;
    var continued = Json.shallowCopy(request);
    if (request.path("prompt").isTextual()) {
      return continued.put("prompt", request.path("prompt").asText() + delivered);
    }
    // Anthropic refuses a beginning that ends in white space
    ArrayNode messages = ((ArrayNode) request.path("messages")).deepCopy();
    messages.addObject().put("role", "assistant").put("content", delivered.stripTrailing());
    return continued.set("messages", messages);
  }

  /** The stream of a target, cut so that it follows what was delivered. */
  AnswerStream<ObjectNode> joined(AnswerStream<ObjectNode> stream, Target target) {
    if (!continues(target)) return stream.through(new Repetition(delivered, stream::began));
    var rest =
        delivered.length() < MIN_ECHO ? stream : stream.through(new Echo(delivered, stream::began));
    if (request.path("prompt").isTextual()) return rest;
    int kept = delivered.stripTrailing().length();
    return rest.through(new Seam(delivered.substring(kept)));
  }

  /** Whether it was the beginning that the target did not take: it may start afresh then. */
  boolean refusedBy(Target target, Fault fault) {
    var kind = fault.kind();
    // llama.cpp's server answers 500 where a model's template wants turns to alternate
    boolean refusal =
        kind == Fault.Kind.REQUEST || kind == Fault.Kind.REFUSED || kind == Fault.Kind.SERVER_ERROR;
    return refusal && continues(target) && refused.add(target.key());
  }

  private boolean continues(Target target) {
    if (recovery != Recovery.CONTINUE || refused.contains(target.key())) return false;
    if (delivered.isBlank() || hasForm()) return false;
    if (request.path("prompt").isTextual()) return !request.hasNonNull("suffix");
    JsonNode messages = request.path("messages");
    var last = messages.path(messages.size() - 1).path("role").asText();
    return target.service().provider().prefill() && messages.isArray() && !last.equals("assistant");
  }

  private boolean hasForm() {
    var type = request.at("/response_format/type").asText("text");
    return !type.equals("text") || FORMS.stream().anyMatch(request::hasNonNull);
  }
}
