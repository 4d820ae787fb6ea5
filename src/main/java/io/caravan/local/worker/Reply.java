package io.caravan.local.worker;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import io.caravan.streaming.Transformer;
import java.util.List;

/** How one request is answered in OpenAI's form: as a stream of chunks, or whole. */
interface Reply extends Transformer<Piece, ObjectNode> {

  /** The answer made of all its pieces, the last of which is its end. */
  ObjectNode whole(List<Piece> pieces);

  /** What stands in every chunk, and in the whole answer: the same id, time and model. */
  record Head(String id, String object, long created, String model) {
    ObjectNode json() {
      var json = Json.object().put("id", id).put("object", object);
      return json.put("created", created).put("model", model);
    }
  }

  static ObjectNode usage(Piece.End end) {
    return Json.object()
        .put("prompt_tokens", end.promptTokens())
        .put("completion_tokens", end.completionTokens())
        .put("total_tokens", end.promptTokens() + end.completionTokens());
  }

  static Piece.End end(List<Piece> pieces) {
    return (Piece.End) pieces.get(pieces.size() - 1);
  }

  static String text(List<Piece> pieces) {
    var text = new StringBuilder();
    for (var piece : pieces) if (piece instanceof Piece.Text more) text.append(more.text());
    return text.toString();
  }
}
