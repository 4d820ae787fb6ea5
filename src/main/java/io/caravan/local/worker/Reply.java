package io.caravan.local.worker;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import io.caravan.streaming.Transformer;
import java.util.List;
import java.util.stream.IntStream;

/** How one request is answered in OpenAI's form: as a stream of chunks, or whole. */
interface Reply extends Transformer<Choice, ObjectNode> {

  /** The answer made of all pieces of all its choices. */
  ObjectNode whole(List<Choice> pieces);

  /** What stands in every chunk, and in the whole answer: the same id, time and model. */
  record Head(String id, String object, long created, String model) {
    ObjectNode json() {
      var json = Json.object().put("id", id).put("object", object);
      return json.put("created", created).put("model", model);
    }
  }

  /**
   * The tokens of a whole answer.
   *
   * @param answers to each prompt
   */
  static ObjectNode usage(List<Choice> pieces, int answers) {
    var tally = new Tally(answers);
    for (var piece : pieces) {
      if (piece.piece() instanceof Piece.End end) tally.add(piece.index(), end);
    }
    return tally.usage();
  }

  /** The pieces of each choice, in order. */
  static List<List<Piece>> byChoice(List<Choice> pieces) {
    int choices = 1 + pieces.stream().mapToInt(Choice::index).max().orElse(0);
    return IntStream.range(0, choices)
        .mapToObj(
            i -> pieces.stream().filter(piece -> piece.index() == i).map(Choice::piece).toList())
        .toList();
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
