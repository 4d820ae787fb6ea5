package io.caravan.local.worker;

import io.caravan.streaming.Transformer;
import java.util.List;
import java.util.function.Consumer;

/**
 * Finds calls in generated text. From what may be the beginning of a call the text is held back;
 * what turns out to be no call is sent as the text that it is.
 */
final class ToolCalls implements Transformer<Piece, Piece> {

  private final ToolChoice tools;
  private final StringBuilder held = new StringBuilder();
  private boolean begun;
  private int called;

  ToolCalls(ToolChoice tools) {
    this.tools = tools;
  }

  @Override
  public void next(Piece piece, Consumer<Piece> out) {
    if (piece instanceof Piece.Text more) {
      held.append(more.text());
      while (!held.isEmpty() && step(false, out)) {}
    } else if (piece instanceof Piece.End end) {
      while (!held.isEmpty() && step(true, out)) {}
      text(held.length(), out);
      boolean calls = called > 0 && end.reason().equals("stop");
      out.accept(calls ? end.withReason("tool_calls") : end);
    }
  }

  /** Sends what is sure; whether there may be more of it in what is held. */
  private boolean step(boolean last, Consumer<Piece> out) {
    int start = start();
    if (start > 0) {
      text(start, out);
      return !held.isEmpty();
    }
    if (start < 0) return false; // blanks that may stand before a call
    var mark = markAt(0);
    if (mark == null && !bareAt(0)) {
      if (!last) return false; // it may yet become a mark
      text(held.length(), out);
      return false;
    }
    return call(mark == null ? "" : mark, last, out);
  }

  /** Where something begins that is or may become a call; the length of the text if nothing is. */
  private int start() {
    if (bare()) {
      int first = 0;
      while (first < held.length() && isBetween(held.charAt(first))) first++;
      if (first == held.length()) return -1;
      if (CallText.begins(held.charAt(first))) return first;
    }
    for (int i = 0; i < held.length(); i++) {
      if (markAt(i) != null || mayBecomeMark(i)) return i;
    }
    return held.length();
  }

  private boolean isBetween(char c) {
    return called > 0 ? CallText.separates(c) : Character.isWhitespace(c);
  }

  /** Whether JSON without a mark may be a call here: at the beginning, or behind another call. */
  private boolean bare() {
    return tools.forced() || tools.format().bare() && (!begun || called > 0);
  }

  private boolean bareAt(int index) {
    return bare() && CallText.begins(held.charAt(index));
  }

  /** What is held begins with a call, perhaps not all of it. Whether it is decided. */
  private boolean call(String mark, boolean last, Consumer<Piece> out) {
    int close = mark.equals("<tool_call>") ? held.indexOf(CallFormat.CLOSE) : -1;
    int end = close >= 0 ? close : end(mark.length(), last);
    if (end < 0) return false;
    var calls = CallText.parse(held.substring(mark.length(), end));
    int length = close >= 0 ? close + CallFormat.CLOSE.length() : end;
    if (calls.isEmpty() || mark.isEmpty() && !tools.knows(calls)) text(Math.max(1, length), out);
    else send(calls, length, out);
    return true;
  }

  /** The end of the JSON behind a mark; a Hermes call has a mark at its end too, if it comes. */
  private int end(int from, boolean last) {
    int at = from;
    while (at < held.length() && CallText.separates(held.charAt(at))) at++;
    if (at == held.length()) return last ? at : -1;
    if (!CallText.begins(held.charAt(at))) return at;
    int end = CallText.end(held, at);
    boolean hermes = markAt(0) != null && markAt(0).equals("<tool_call>");
    if (end < 0 || hermes && !last) return last ? held.length() : -1;
    return end;
  }

  private void send(List<Piece.Call> calls, int length, Consumer<Piece> out) {
    held.delete(0, length);
    for (var call : calls) if (called++ == 0 || tools.parallel()) out.accept(call);
  }

  /** What separates calls belongs to the form. */
  private void text(int length, Consumer<Piece> out) {
    if (length == 0) return;
    var text = held.substring(0, length);
    held.delete(0, length);
    if (called > 0 && text.chars().allMatch(c -> CallText.separates((char) c))) return;
    begun = true;
    out.accept(new Piece.Text(text));
  }

  private String markAt(int index) {
    for (var mark : tools.format().marks()) {
      if (common(mark, index) == mark.length()) return mark;
    }
    return null;
  }

  private boolean mayBecomeMark(int index) {
    for (var mark : tools.format().marks()) {
      if (common(mark, index) == held.length() - index) return true;
    }
    return false;
  }

  /** How many characters from an index on are those of the mark. */
  private int common(String mark, int index) {
    int length = 0;
    int most = Math.min(mark.length(), held.length() - index);
    while (length < most && held.charAt(index + length) == mark.charAt(length)) length++;
    return length;
  }
}
