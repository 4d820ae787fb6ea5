package io.caravan.local.worker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import io.caravan.local.Gguf;
import io.caravan.streaming.AnswerStream;
import io.caravan.streaming.Transformer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A call that llama-server's model has to make. Its own way (v0.5.0) lets the model say anything
 * before; so a grammar holds it to the call, and the text that it then gives is read here.
 */
public final class ForcedCalls {

  private static final String ROOT = "root ::=";

  private final ToolChoice choice;
  private final String template;

  private ForcedCalls(ToolChoice choice, String template) {
    this.choice = choice;
    this.template = template;
  }

  /** Null if the request forces none. */
  public static ForcedCalls of(String operation, JsonNode request, Gguf gguf) {
    if (!operation.equals("chat")) return null;
    var choice = ToolChoice.of(request, CallFormat.of(gguf.chatTemplate()));
    return choice.forced() ? new ForcedCalls(choice, gguf.chatTemplate()) : null;
  }

  /** With the choice {@code none} the model is still shown the tools, and a grammar is taken. */
  public ObjectNode addTo(ObjectNode request) {
    var sampling = Json.object();
    choice.addTo(sampling);
    var grammar = sampling.path("grammar").asText().replaceFirst(ROOT, "forced-call ::=");
    var opening = choice.opening(template).replace("\n", "\\n");
    var root = opening.isEmpty() ? "" : " \"" + opening + "\"";
    request.remove("response_format");
    request.put("tool_choice", "none");
    return request.put("grammar", ROOT + root + " forced-call\n" + grammar);
  }

  /** The answer, a JSON tree or a stream of chunks, with its texts as calls. */
  public Object read(Object answer) {
    if (answer instanceof ObjectNode whole) return whole(whole);
    @SuppressWarnings("unchecked") // the dialect makes chunks of every stream
    var chunks = (AnswerStream<ObjectNode>) answer;
    return chunks.through(new Chunks());
  }

  private ObjectNode whole(ObjectNode answer) {
    var pieces = new ArrayList<Choice>();
    for (var each : answer.path("choices")) {
      int index = each.path("index").asInt();
      var calls = new ToolCalls(choice, false);
      Consumer<Piece> out = piece -> pieces.add(new Choice(index, piece));
      text(each.at("/message/content"), calls, out);
      calls.next(over(each), out);
    }
    return answer.set("choices", new ChatReply("", 0, false).whole(pieces).get("choices"));
  }

  private static void text(JsonNode content, ToolCalls calls, Consumer<Piece> out) {
    if (!content.asText("").isEmpty() && content.isTextual()) {
      calls.next(new Piece.Text(content.asText()), out);
    }
  }

  private static Piece.End over(JsonNode choice) {
    return new Piece.End(choice.path("finish_reason").asText("stop"), 0, 0);
  }

  /** The chunks of a stream, with what llama-server says beside the choices. */
  private final class Chunks implements Transformer<ObjectNode, ObjectNode> {

    private final Map<Integer, ToolCalls> calls = new HashMap<>();
    private final ChatReply reply = new ChatReply("", 0, false);

    @Override
    public void next(ObjectNode chunk, Consumer<ObjectNode> out) {
      if (chunk.path("choices").isEmpty()) {
        out.accept(chunk);
        return;
      }
      for (var each : chunk.get("choices")) {
        int index = each.path("index").asInt();
        for (var piece : pieces(each, index)) {
          reply.next(new Choice(index, piece), (ObjectNode made) -> out.accept(like(chunk, made)));
        }
      }
    }

    private List<Piece> pieces(JsonNode each, int index) {
      var pieces = new ArrayList<Piece>();
      var mine = calls.computeIfAbsent(index, i -> new ToolCalls(choice, true));
      text(each.at("/delta/content"), mine, pieces::add);
      if (each.path("finish_reason").isTextual()) mine.next(over(each), pieces::add);
      return pieces;
    }

    private ObjectNode like(ObjectNode chunk, ObjectNode made) {
      for (var name : List.of("id", "created", "model")) Json.copy(chunk, name, made, name);
      return made;
    }
  }
}
