package io.caravan.local.worker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.json.Json;
import io.caravan.streaming.Transformer;
import java.util.function.Consumer;

/**
 * Finds calls in generated text, in Hermes' form {@code <tool_call>{"name":…,"arguments":{…}}
 * </tool_call>}. From what may be the beginning of a mark the text is held back; what turns out to
 * be no call is sent as the text that it is.
 */
final class ToolCalls implements Transformer<Piece, Piece> {

  private static final String OPEN = "<tool_call>";
  private static final String CLOSE = "</tool_call>";

  private final StringBuilder held = new StringBuilder();
  private boolean called;

  @Override
  public void next(Piece piece, Consumer<Piece> out) {
    if (piece instanceof Piece.Text more) {
      held.append(more.text());
      while (step(out)) {}
    } else if (piece instanceof Piece.End end) {
      rest(out);
      boolean calls = called && end.reason().equals("stop");
      out.accept(
          calls ? new Piece.End("tool_calls", end.promptTokens(), end.completionTokens()) : end);
    }
  }

  /** Sends what is sure; whether there may be more of it in what is held. */
  private boolean step(Consumer<Piece> out) {
    int open = held.indexOf(OPEN);
    if (open < 0) {
      text(held.length() - possibleMark(), out);
      return false;
    }
    text(open, out);
    int close = held.indexOf(CLOSE);
    if (close < 0) return false;
    call(held.substring(OPEN.length(), close), close + CLOSE.length(), out);
    return true;
  }

  /** The model is done. One that forgot to close its call has made it nevertheless. */
  private void rest(Consumer<Piece> out) {
    if (held.indexOf(OPEN) == 0) call(held.substring(OPEN.length()), held.length(), out);
    else text(held.length(), out);
  }

  private void call(String json, int length, Consumer<Piece> out) {
    var call = parse(json);
    if (call == null) {
      out.accept(new Piece.Text(held.substring(0, length)));
    } else {
      called = true;
      out.accept(call);
    }
    held.delete(0, length);
  }

  /** Blanks around calls belong to the form. */
  private void text(int length, Consumer<Piece> out) {
    if (length == 0) return;
    var text = held.substring(0, length);
    held.delete(0, length);
    if (!called || !text.isBlank()) out.accept(new Piece.Text(text));
  }

  /** How many of the last characters held could begin a mark. */
  private int possibleMark() {
    int longest = Math.min(held.length(), OPEN.length() - 1);
    for (int length = longest; length > 0; length--) {
      if (OPEN.startsWith(held.substring(held.length() - length))) return length;
    }
    return 0;
  }

  private static Piece.Call parse(String json) {
    JsonNode call;
    try {
      call = Json.read(json.strip());
    } catch (JsonProcessingException e) {
      return null;
    }
    var name = call.path("name").asText();
    if (name.isEmpty()) return null;
    var arguments = call.path("arguments");
    if (arguments.isTextual()) return new Piece.Call(name, arguments.asText());
    return new Piece.Call(name, arguments.isMissingNode() ? "{}" : Json.text(arguments));
  }
}
