package io.caravan.local.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ToolCallsTest {

  private static final String CALL =
      "<tool_call>\n{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Tokyo\"}}\n</tool_call>";

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 1000})
  void findsCallsHoweverTheTextIsCut(int size) {
    var pieces = run("I look. " + CALL + "\n" + CALL + "\n", size, "stop");
    assertThat(text(pieces)).isEqualTo("I look. ");
    var call = new Piece.Call("get_weather", "{\"city\":\"Tokyo\"}");
    assertThat(pieces).filteredOn(Piece.Call.class::isInstance).containsExactly(call, call);
    assertThat(pieces.get(pieces.size() - 1)).isEqualTo(new Piece.End("tool_calls", 3, 4));
  }

  @Test
  void sendsTextOnAtOnceUnlessItMayBeAMark() {
    var calls = new ToolCalls();
    var out = new ArrayList<Piece>();
    calls.next(new Piece.Text("a < b"), out::add);
    assertThat(text(out)).isEqualTo("a < b");
    calls.next(new Piece.Text(" <tool"), out::add);
    assertThat(text(out)).isEqualTo("a < b ");
    calls.next(new Piece.Text("box"), out::add);
    assertThat(text(out)).isEqualTo("a < b <toolbox");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<tool_call>no json</tool_call>",
        "<tool_call>[1]</tool_call>",
        "<tool_call>{\"arguments\":{}}</tool_call>",
        "<tool_call>{\"name\":\"cut",
        "<tool_c",
      })
  void whatIsNoCallStaysText(String text) {
    var pieces = run(text, 3, "stop");
    assertThat(text(pieces)).isEqualTo(text);
    assertThat(pieces.get(pieces.size() - 1)).isEqualTo(new Piece.End("stop", 3, 4));
  }

  @Test
  void aCallThatWasNotClosedIsACall() {
    var pieces = run("<tool_call>{\"name\":\"now\"}", 4, "stop");
    assertThat(pieces)
        .containsExactly(new Piece.Call("now", "{}"), new Piece.End("tool_calls", 3, 4));
  }

  @Test
  void aLimitStaysALimit() {
    var pieces = run(CALL, 9, "length");
    assertThat(pieces.get(pieces.size() - 1)).isEqualTo(new Piece.End("length", 3, 4));
  }

  private static List<Piece> run(String text, int size, String reason) {
    var calls = new ToolCalls();
    var out = new ArrayList<Piece>();
    for (int i = 0; i < text.length(); i += size) {
      calls.next(new Piece.Text(text.substring(i, Math.min(text.length(), i + size))), out::add);
    }
    calls.next(new Piece.End(reason, 3, 4), out::add);
    return out;
  }

  private static String text(List<Piece> pieces) {
    return Reply.text(pieces);
  }
}
