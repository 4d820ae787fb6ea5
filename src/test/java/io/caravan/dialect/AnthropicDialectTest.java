package io.caravan.dialect;

import static io.caravan.dialect.Trees.chat;
import static io.caravan.dialect.Trees.tree;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException.BadAnswer;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.errors.GatewayException.UpstreamFailed;
import io.caravan.streaming.Heard;
import io.caravan.streaming.ServerEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnthropicDialectTest {

  private final AnthropicDialect dialect = new AnthropicDialect();

  @ParameterizedTest
  @ValueSource(strings = {"json_object", "json_schema", "grammar"})
  void refusesAFormWithoutASchema(String type) {
    var chat = chat("{'role':'user','content':'x'}");
    chat.putObject("response_format").put("type", type);
    var failure = catchThrowableOfType(InvalidRequest.class, () -> dialect.toProvider(chat));
    assertThat(failure.param()).isEqualTo("response_format");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'role':'function','content':'x'} | messages[0].role",
        "{'role':'tool','content':'x'} | messages[0].tool_call_id",
        "{'role':'user','content':[{'type':'text','text':'a'},{'type':'input_audio'}]}"
            + " | messages[0].content[1]",
        "{'role':'user','content':[{'type':'file','file':{}}]} | messages[0].content[0]",
        "{'role':'user','content':[{'type':'image_url','image_url':{'url':'data:image/bmp;base64,'}}]}"
            + " | messages[0].content[0].image_url.url",
        "{'role':'user','content':[{'type':'image_url','image_url':{'url':'data:,x'}}]}"
            + " | messages[0].content[0].image_url.url",
        "{'role':'user','content':[{'type':'image_url','image_url':{'url':'/a.png'}}]}"
            + " | messages[0].content[0].image_url.url",
        "{'role':'assistant','tool_calls':[{'id':'a','function':{'name':'f','arguments':'{'}}]}"
            + " | messages[0].tool_calls[0].function.arguments",
        "{'role':'assistant','tool_calls':[{'id':'a','function':{'name':'f','arguments':''}},"
            + "{'id':'b','function':{'name':'f','arguments':'[1]'}}]}"
            + " | messages[0].tool_calls[1].function.arguments",
        "{'role':'assistant','tool_calls':[{'id':'a','function':{'name':'f','arguments':[1]}}]}"
            + " | messages[0].tool_calls[0].function.arguments",
        "{'role':'assistant','tool_calls':[{'id':'a'}]} | messages[0].tool_calls[0].function.name",
        "{'role':'assistant','tool_calls':[{'id':'a','type':'custom','custom':{'name':'f','input':''}}]}"
            + " | messages[0].tool_calls[0].function.name",
      })
  void namesWhatItCannotExpress(String message, String param) {
    var failure = refusal(chat(message));
    assertThat(failure.param()).isEqualTo(param);
    assertThat(failure).hasMessageContaining("`" + param + "`");
  }

  @Test
  void countsAllMessagesWhenItNamesOne() {
    var chat = chat("{'role':'system','content':'s'},{'role':'user'},{'role':'robot'}");
    assertThat(refusal(chat).param()).isEqualTo("messages[2].role");
  }

  @ParameterizedTest
  @CsvSource({
    "end_turn, stop",
    "stop_sequence, stop",
    "pause_turn, stop",
    "max_tokens, length",
    "model_context_window_exceeded, length",
    "tool_use, tool_calls",
    "refusal, content_filter",
    "brand_new, stop"
  })
  void translatesWhyItStopped(String reason, String expected) {
    var answer = tree("{'content':[],'stop_reason':'" + reason + "'}");
    assertThat(dialect.toCompletion(answer).at("/choices/0/finish_reason").asText())
        .isEqualTo(expected);
  }

  @Test
  void refusesWhatIsNoMessage() {
    assertThatThrownBy(() -> dialect.toCompletion(tree("{'type':'message'}")))
        .isInstanceOf(BadAnswer.class);
    assertThatThrownBy(() -> dialect.toCompletion(tree("{'error':{'type':'overloaded_error'}}")))
        .isInstanceOf(UpstreamFailed.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",'stop_reason':null", ",'stop_reason':''", ",'stop_reason':'error'"})
  void anAnswerWithoutAStopReasonIsNotFinished(String reason) {
    for (var content : List.of("[]", "[{'type':'text','text':'The quick'}]")) {
      assertThatThrownBy(() -> dialect.toCompletion(tree("{'content':" + content + reason + "}")))
          .isInstanceOf(BadAnswer.class);
    }
  }

  @Test
  void aStreamThatStopsWithoutAReasonIsCutShort() {
    var text =
        "{\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"a\"}}";
    var stop = "{\"type\":\"message_stop\"}";
    var delta = "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":%s}}";
    for (var reason : List.of("null", "\"\"", "\"error\"")) {
      assertThat(heard(text, delta.formatted(reason), stop).failure())
          .isInstanceOf(BadAnswer.class);
    }
    assertThat(heard(text, stop).failure()).isInstanceOf(BadAnswer.class);
    assertThat(heard(stop).failure()).isInstanceOf(BadAnswer.class);
    assertThat(heard(text, delta.formatted("\"end_turn\""), stop).failure()).isNull();
  }

  @Test
  void passesOnWhatAnErrorEventSays() {
    var data =
        "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Busy\"}}";
    var heard = Heard.from(List.of(new ServerEvent("error", data)), dialect.chunks());
    assertThat(heard.failure())
        .asInstanceOf(type(UpstreamFailed.class))
        .satisfies(failure -> assertThat(failure.error().status()).isEqualTo(529))
        .satisfies(failure -> assertThat(failure.error().type()).isEqualTo("overloaded_error"));
  }

  @Test
  void aStreamWithAStopReasonIsWholeWithoutItsLastEvent() {
    var text =
        "{\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"a\"}}";
    var stop =
        "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},"
            + "\"usage\":{\"output_tokens\":4}}";
    var cut = Heard.from(List.of(new ServerEvent(null, text)), dialect.chunks());
    assertThat(cut.failure()).isInstanceOf(BadAnswer.class);
    var events = List.of(new ServerEvent(null, text), new ServerEvent(null, stop));
    var heard = Heard.from(events, dialect.chunks());
    assertThat(heard.failure()).isNull();
    assertThat(heard.items().toString()).contains("\"stop\"", "\"completion_tokens\":4");
    var out = new ArrayList<ObjectNode>();
    var chunks = dialect.chunks();
    events.forEach(event -> chunks.next(event, out::add));
    chunks.fail(new BadAnswer("a stream that was cut short"), out::add);
    assertThat(out).isEqualTo(heard.items());
  }

  @Test
  void passesOverGarbledTextButNoGarbledCall() {
    var text =
        "{\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"a\"}}";
    var stop = "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"}}";
    var half = text.substring(0, 60);
    assertThat(heard(text, half, text, stop).failure()).isNull();
    var call = "{\"type\":\"content_block_delta\",\"delta\":{\"type\":\"input_json_delta\",\"par";
    assertThat(heard(text, call, stop).failure()).isInstanceOf(BadAnswer.class);
    assertThat(heard(half, text, stop).failure()).isInstanceOf(BadAnswer.class);
    assertThat(heard(text, half, half, half, half, stop).failure()).isInstanceOf(BadAnswer.class);
  }

  @Test
  void passesOverWhateverIsGarbledInsideABlockOfText() {
    var start = "{\"type\":\"content_block_start\",\"content_block\":{\"type\":\"%s\"}}";
    var text = start.formatted("text");
    var said =
        "{\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"a\"}}";
    var half = "{\"type\":\"content_block_delta\",\"ind";
    var close = "{\"type\":\"content_block_stop\"}";
    var stop = "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"}}";
    assertThat(heard(text, said, half, said, close, stop).failure()).isNull();
    assertThat(heard(text, half, said, close, stop).failure()).isInstanceOf(BadAnswer.class);
    var begins = "{\"type\":\"content_block_st";
    var call = start.formatted("tool_use");
    for (var lost : List.of(begins, "{\"ty")) {
      assertThat(heard(text, said, lost, stop).failure()).isInstanceOf(BadAnswer.class);
    }
    assertThat(heard(text, said, close, half, stop).failure()).isInstanceOf(BadAnswer.class);
    assertThat(heard(text, said, close, call, half, stop).failure()).isInstanceOf(BadAnswer.class);
  }

  @Test
  void takesTheTextThatABlockBeginsWith() {
    var start =
        "{\"type\":\"content_block_start\",\"content_block\":{\"type\":\"%s\",\"%s\":\"%s\"}}";
    var text =
        "{\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"a\"}}";
    var stop = "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"}}";
    var chunks =
        heard(
            start.formatted("thinking", "thinking", "Hm"),
            start.formatted("text", "text", "Hello "),
            text,
            start.formatted("text", "text", ""),
            stop);
    assertThat(chunks.items().stream().map(chunk -> chunk.at("/choices/0/delta")))
        .containsExactly(
            tree("{'reasoning_content':'Hm'}"),
            tree("{'content':'Hello '}"),
            tree("{'content':'a'}"),
            tree("{}"));
  }

  private Heard<ObjectNode> heard(String... events) {
    var all = Stream.of(events).map(data -> new ServerEvent(null, data)).toList();
    return Heard.from(all, dialect.chunks());
  }

  private InvalidRequest refusal(ObjectNode chat) {
    return catchThrowableOfType(InvalidRequest.class, () -> dialect.toProvider(chat));
  }
}
