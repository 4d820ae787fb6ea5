package io.caravan.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The tool calls of one choice: each delta gets its index, and the first of each call, but no
 * other, tells its id, type and name.
 */
final class ToolCallFrame {

  private final String seed;
  private final Set<Integer> begun = new HashSet<>();
  private int last = -1;

  /**
   * @param seed what no other choice of any answer has, for ids of calls that have none
   */
  ToolCallFrame(String seed) {
    this.seed = seed;
  }

  /** Whether there were any calls. */
  boolean hasCalls() {
    return last >= 0;
  }

  ArrayNode frame(JsonNode deltas) {
    var out = Json.array();
    for (var delta : deltas) if (delta instanceof ObjectNode call) out.add(frame(call));
    return out;
  }

  private ObjectNode frame(ObjectNode delta) {
    last = delta.path("index").isInt() ? delta.get("index").asInt() : guessIndex(delta);
    var out = Json.object().put("index", last);
    delta.properties().forEach(field -> out.putIfAbsent(field.getKey(), field.getValue()));
    return begun.add(last) ? begin(out) : goOn(out);
  }

  /** Without an index, an id or a name begins a call, and bare arguments go on with the last. */
  private int guessIndex(ObjectNode delta) {
    boolean begins = delta.hasNonNull("id") || delta.path("function").hasNonNull("name");
    return begins || last < 0 ? last + 1 : last;
  }

  private ObjectNode begin(ObjectNode call) {
    if (call.path("id").asText("").isEmpty()) call.put("id", ToolCalls.id(seed + '/' + last));
    if (!call.hasNonNull("type")) call.put("type", "function");
    JsonNode given = call.path("function");
    var function = given instanceof ObjectNode object ? Json.shallowCopy(object) : Json.object();
    var arguments = ToolCalls.arguments(function.path("arguments"));
    function.put("arguments", arguments == null ? "" : arguments);
    return call.set("function", function);
  }

  /** Clients join the pieces of each field, so an id or a name told again (vLLM) would double. */
  private static ObjectNode goOn(ObjectNode call) {
    call.remove(List.of("id", "type"));
    if (call.path("function") instanceof ObjectNode function) {
      ObjectNode rest = Json.shallowCopy(function).remove(List.of("name"));
      var arguments = ToolCalls.arguments(rest.path("arguments"));
      if (arguments != null) rest.put("arguments", arguments);
      call.set("function", rest);
    }
    return call;
  }
}
