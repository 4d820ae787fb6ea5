package io.caravan.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;

/**
 * What an answer says of itself, the same in a whole one and in each chunk of a stream.
 *
 * @param kind which {@code object} it is
 * @param model the unified name, in place of the service's own
 * @param id for an answer that has none
 * @param created epoch seconds, for an answer that has none
 */
public record AnswerStamp(CompletionKind kind, String model, String id, long created) {

  /** This stamp with the id and time that the service gave, where it gave them. */
  public AnswerStamp keeping(JsonNode answer) {
    var given = answer.path("id").asText("");
    long time = answer.path("created").asLong();
    return new AnswerStamp(kind, model, given.isEmpty() ? id : given, time > 0 ? time : created);
  }

  /** A whole completion, stamped; its tool calls are completed in place, all other fields stay. */
  public ObjectNode whole(ObjectNode completion) {
    var stamped = keeping(completion).on(completion, kind.whole());
    if (kind == CompletionKind.CHAT) ToolCalls.complete(stamped);
    return stamped;
  }

  /** Stamps one chunk in place; all its other fields stay. Does not look at its id and time. */
  ObjectNode chunk(ObjectNode chunk) {
    if (!chunk.has("id")) return on(chunk, kind.chunk());
    chunk.put("id", id).put("object", kind.chunk());
    return chunk.put("created", created).put("model", model);
  }

  private ObjectNode on(ObjectNode answer, String object) {
    var out = Json.object().put("id", id).put("object", object);
    out.put("created", created).put("model", model);
    answer.properties().forEach(field -> out.putIfAbsent(field.getKey(), field.getValue()));
    return out;
  }
}
