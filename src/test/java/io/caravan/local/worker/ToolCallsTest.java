package io.caravan.local.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
    var calls = calls(CallFormat.HERMES);
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '^',
      value = {
        "LLAMA ~ {\"name\": \"now\", \"parameters\": {\"a\": 1}} ~ 1",
        "LLAMA ~ <|python_tag|>{\"name\": \"now\", \"parameters\": {\"a\": 1}} ~ 1",
        "LLAMA ~ {\"type\":\"function\",\"name\":\"now\",\"parameters\":{\"a\":1}}; {\"name\":\"now\",\"parameters\":{\"a\":1}} ~ 2",
        "LLAMA ~ [{\"name\":\"now\",\"parameters\":{\"a\":1}},{\"name\":\"now\",\"parameters\":{\"a\":1}}] ~ 2",
        "MISTRAL ~ [TOOL_CALLS][{\"name\": \"now\", \"arguments\": {\"a\": 1}}] ~ 1",
        "MISTRAL ~ [TOOL_CALLS] [{\"name\":\"now\",\"arguments\":{\"a\":1}},{\"name\":\"now\",\"arguments\":{\"a\":1},\"id\":\"123456789\"}] ~ 2",
        "HERMES ~ <tool_call>{\"name\":\"now\",\"arguments\":\"{\\\"a\\\":1}\"}</tool_call> ~ 1",
        "ANY ~ {\"function\":{\"name\":\"now\",\"arguments\":{\"a\":1}}} ~ 1",
        "ANY ~ [TOOL_CALLS][{\"name\":\"now\",\"arguments\":{\"a\":1}}] ~ 1",
      })
  void everyFormHoweverCut(CallFormat format, String text, int count) {
    for (int size : new int[] {1, 2, 5, 1000}) {
      var pieces = run(calls(format), text, size, "stop");
      var call = new Piece.Call("now", "{\"a\":1}");
      assertThat(pieces).filteredOn(Piece.Call.class::isInstance).hasSize(count).containsOnly(call);
      assertThat(text(pieces)).isEmpty();
      assertThat(pieces.get(pieces.size() - 1)).isEqualTo(new Piece.End("tool_calls", 3, 4));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '^',
      value = {
        "LLAMA ~ {\"name\": \"Clara\", \"age\": 9}",
        "LLAMA ~ {\"name\": \"now\"",
        "LLAMA ~ [1, 2] are numbers",
        "LLAMA ~ {curly} braces",
        "LLAMA ~ I would say {\"name\":\"now\",\"parameters\":{}}",
        "LLAMA ~ <|python",
        "MISTRAL ~ [TOOL_CALLS] none",
        "MISTRAL ~ [TOOL_",
        "MISTRAL ~ {\"name\":\"now\",\"arguments\":{}}",
        "HERMES ~ [TOOL_CALLS][{\"name\":\"now\"}]",
      })
  void whatOnlyLooksLikeACallIsNotLost(CallFormat format, String text) {
    for (int size : new int[] {1, 3, 1000}) {
      var pieces = run(calls(format), text, size, "stop");
      assertThat(text(pieces)).isEqualTo(text);
      assertThat(pieces.get(pieces.size() - 1)).isEqualTo(new Piece.End("stop", 3, 4));
    }
  }

  @Test
  void aForcedCallIsACallInEveryForm() {
    for (var format : CallFormat.values()) {
      var pieces = run(calls(format, true, true), "{\"name\":\"now\"}", 3, "stop");
      assertThat(pieces).contains(new Piece.Call("now", "{}"));
    }
  }

  @Test
  void onlyTheFirstIfNoneMayRunBesideIt() {
    var pieces = run(calls(CallFormat.HERMES, false, false), CALL + CALL, 9, "stop");
    assertThat(pieces).filteredOn(Piece.Call.class::isInstance).hasSize(1);
    assertThat(text(pieces)).isEmpty();
  }

  /** The name as soon as it is known, then the arguments piece by piece. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '^',
      value = {
        "HERMES ~ <tool_call>{\"name\": \"now\", \"arguments\": {\"a\": [1, {\"b\": \"} \\\" x\"}]}}</tool_call>",
        "LLAMA ~ {\"name\": \"now\", \"parameters\": {\"a\": [1, {\"b\": \"} \\\" x\"}]}}",
        "ANY ~ {\"name\": \"now\", \"arguments\": {\"a\": [1, {\"b\": \"} \\\" x\"}]}}",
      })
  void argumentsAreToldWhileTheyAreWritten(CallFormat format, String text) {
    for (int size : new int[] {1, 4, 1000}) {
      var pieces = run(calls(format, false, true, true), text, size, "stop");
      assertThat(pieces.get(0)).isEqualTo(new Piece.Call("now", ""));
      assertThat(arguments(pieces)).isEqualTo("{\"a\":[1,{\"b\":\"} \\\" x\"}]}");
      if (size < 5) assertThat(pieces).hasSizeGreaterThan(5);
      assertThat(text(pieces)).isEmpty();
      assertThat(pieces.get(pieces.size() - 1)).isEqualTo(new Piece.End("tool_calls", 3, 4));
    }
  }

  @Test
  void severalStreamedCallsAreTold() {
    var pieces = run(calls(CallFormat.HERMES, false, true, true), CALL + "\n" + CALL, 3, "stop");
    assertThat(pieces).filteredOn(Piece.Call.class::isInstance).hasSize(2);
    assertThat(arguments(pieces)).isEqualTo("{\"city\":\"Tokyo\"}{\"city\":\"Tokyo\"}");
    var one = run(calls(CallFormat.HERMES, false, false, true), CALL + CALL, 3, "stop");
    assertThat(one).filteredOn(Piece.Call.class::isInstance).hasSize(1);
    assertThat(arguments(one)).isEqualTo("{\"city\":\"Tokyo\"}");
  }

  /** What the limit left of a call is no text for the user. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '^',
      value = {
        "{\"name\": \"now\", \"arguments\": {\"a\": \"b ~ {\"a\":\"b",
        "{\"name\": \"now\", \"arg ~ ^^",
        "{\"na ~ ^^"
      })
  void aForcedCallThatTheLimitCutsIsNoText(String text, String arguments) {
    for (boolean streamed : new boolean[] {false, true}) {
      var pieces = run(calls(CallFormat.HERMES, true, true, streamed), text, 2, "length");
      assertThat(text(pieces)).isEmpty();
      assertThat(arguments(pieces)).isEqualTo(arguments);
      assertThat(pieces.get(pieces.size() - 1)).isEqualTo(new Piece.End("length", 3, 4));
    }
  }

  @ParameterizedTest
  @CsvSource({"<tool_,''", "I look. <,'I look. '", "I look. <tool_call>,'I look. '", "a < b,a < b"})
  void norIsAMarkThatItCuts(String text, String told) {
    for (boolean streamed : new boolean[] {false, true}) {
      var pieces = run(calls(CallFormat.HERMES, false, true, streamed), text, 2, "length");
      assertThat(text(pieces)).isEqualTo(told);
    }
  }

  private static String arguments(List<Piece> pieces) {
    var all = new StringBuilder();
    for (var piece : pieces) if (piece instanceof Piece.Arguments more) all.append(more.text());
    return all.toString();
  }

  @Test
  void textAroundACallStays() {
    var text = "Look: <|python_tag|>{\"name\":\"now\"} done";
    var pieces = run(calls(CallFormat.LLAMA), text, 1, "stop");
    assertThat(text(pieces)).isEqualTo("Look:  done");
    assertThat(pieces).contains(new Piece.Call("now", "{}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '^',
      value = {
        "a <tool_call> b ~ HERMES",
        "[AVAILABLE_TOOLS] [TOOL_CALLS] ~ MISTRAL",
        "<|start_header_id|> <|python_tag|> ~ LLAMA",
        "<|start_header_id|> {\"name\": name, \"parameters\": x} ~ LLAMA",
        "plain ~ ANY"
      })
  void theTemplateTellsTheForm(String template, CallFormat format) {
    assertThat(CallFormat.of(template)).isEqualTo(format);
  }

  private static List<Piece> run(String text, int size, String reason) {
    return run(calls(CallFormat.HERMES), text, size, reason);
  }

  private static List<Piece> run(ToolCalls calls, String text, int size, String reason) {
    var out = new ArrayList<Piece>();
    for (int i = 0; i < text.length(); i += size) {
      calls.next(new Piece.Text(text.substring(i, Math.min(text.length(), i + size))), out::add);
    }
    calls.next(new Piece.End(reason, 3, 4), out::add);
    return out;
  }

  private static ToolCalls calls(CallFormat format) {
    return calls(format, false, true);
  }

  private static ToolCalls calls(CallFormat format, boolean forced, boolean parallel) {
    return calls(format, forced, parallel, false);
  }

  private static ToolCalls calls(
      CallFormat format, boolean forced, boolean parallel, boolean streamed) {
    var functions = Stream.of("get_weather", "now").map(n -> Json.object().put("name", n));
    return new ToolCalls(
        new ToolChoice(format, functions.<JsonNode>map(f -> f).toList(), forced, parallel),
        streamed);
  }

  private static String text(List<Piece> pieces) {
    return Reply.text(pieces);
  }
}
