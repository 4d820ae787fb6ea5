package io.caravan.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.json.Json;

/**
 * An id for a tool call that Ollama gave none, as older versions do. It is a hash of when the
 * answer was made (to the nanosecond, so two answers of one conversation differ), of the call's
 * place among the answer's calls (so two equal calls differ) and of the call: the same answer
 * always gets the same ids.
 */
final class OllamaCallId {

  private OllamaCallId() {}

  static String of(JsonNode answer, JsonNode call, int index) {
    var all = answer.path("created_at").asText() + '/' + index + '/' + Json.text(call);
    return ToolCalls.id(all);
  }
}
