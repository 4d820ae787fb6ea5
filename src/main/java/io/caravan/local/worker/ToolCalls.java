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
  private final Marks marks;
  private final boolean streamed;
  private boolean begun;
  private boolean cut;
  private int called;
  private OpenCall open;

  /**
   * @param streamed whether a call's arguments are told while they are being written; then they
   *     cannot be taken back if they turn out to be no JSON
   */
  ToolCalls(ToolChoice tools, boolean streamed) {
    this.tools = tools;
    this.marks = new Marks(tools.format().marks(), held);
    this.streamed = streamed;
  }

  @Override
  public void next(Piece piece, Consumer<Piece> out) {
    if (piece instanceof Piece.Text more) {
      held.append(more.text());
      while (!held.isEmpty() && step(false, out)) {}
    } else if (piece instanceof Piece.End end) {
      cut = end.reason().equals("length");
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
    var mark = marks.at(0);
    if (mark == null && !bareAt(0)) {
      if (!last) return false; // it may yet become a mark
      if (cut) held.setLength(0); // what the limit left of a mark is no text for the user
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
      if (marks.at(i) != null || marks.mayBegin(i)) return i;
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
    if (streamed || cut) tell(mark, out);
    if (end < 0) return false;
    var calls = CallText.parse(held.substring(mark.length(), end));
    int length = close >= 0 ? close + CallFormat.CLOSE.length() : end;
    boolean broken = calls.isEmpty() || mark.isEmpty() && !tools.knows(calls);
    if (open != null || broken && cut && (tools.forced() || !mark.isEmpty())) told(length);
    else if (broken) text(Math.max(1, length), out);
    else send(calls, length, out);
    return true;
  }

  /** Tells what there is of a call. Where the client wants one only, the others are not told. */
  private void tell(String mark, Consumer<Piece> out) {
    if (open == null) {
      if (called > 0 && !tools.parallel()) return;
      open = OpenCall.in(held, mark.length());
      if (open != null && mark.isEmpty() && !tools.knows(open.name())) open = null;
      if (open == null) return;
      called++;
      out.accept(new Piece.Call(open.name(), ""));
    }
    var more = open.more(held);
    if (!more.isEmpty()) out.accept(new Piece.Arguments(more));
  }

  /** What was told of a call, or is too little of one to be told, is done with. */
  private void told(int length) {
    open = null;
    held.delete(0, length);
  }

  /** The end of the JSON behind a mark; a Hermes call has a mark at its end too, if it comes. */
  private int end(int from, boolean last) {
    int at = from;
    while (at < held.length() && CallText.separates(held.charAt(at))) at++;
    if (at == held.length()) return last ? at : -1;
    if (!CallText.begins(held.charAt(at))) return at;
    int end = CallText.end(held, at);
    boolean hermes = marks.at(0) != null && marks.at(0).equals("<tool_call>");
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
}
