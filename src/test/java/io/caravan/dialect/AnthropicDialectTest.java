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
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnthropicDialectTest {

  private final AnthropicDialect dialect = new AnthropicDialect();

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
        "{'role':'assistant','tool_calls':[{'id':'a','function':{'arguments':'{'}}]}"
            + " | messages[0].tool_calls[0].function.arguments",
        "{'role':'assistant','tool_calls':[{'id':'a','function':{'arguments':''}},"
            + "{'id':'b','function':{'arguments':'[1]'}}]}"
            + " | messages[0].tool_calls[1].function.arguments",
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

  @Test
  void refusesToolsAndChoicesThatAreNoFunctions() {
    var chat = tools();
    chat.withArray("tools").addObject().put("type", "custom");
    assertThat(refusal(chat).param()).isEqualTo("tools[1]");
    assertThat(refusal(tools().put("tool_choice", "perhaps")).param()).isEqualTo("tool_choice");
    var allowed = tools();
    allowed.putObject("tool_choice").put("type", "allowed_tools");
    assertThat(refusal(allowed).param()).isEqualTo("tool_choice");
  }

  @ParameterizedTest
  @CsvSource({"auto, auto", "none, none", "required, any"})
  void translatesTheToolChoiceIfThereAreTools(String choice, String expected) {
    var chat = tools().put("tool_choice", choice);
    assertThat(dialect.toProvider(chat).at("/tool_choice/type").asText()).isEqualTo(expected);
    chat.remove("tools");
    assertThat(dialect.toProvider(chat).has("tool_choice")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      nullValues = "-",
      value = {
        "- | {'type':'auto','disable_parallel_tool_use':true}",
        "required | {'type':'any','disable_parallel_tool_use':true}",
        "none | {'type':'none'}",
      })
  void forbidsParallelCallsWithAChoice(String choice, String expected) {
    var chat = tools().put("tool_choice", choice).put("parallel_tool_calls", false);
    assertThat(dialect.toProvider(chat).get("tool_choice")).isEqualTo(tree(expected));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        // effort, max_tokens given, max_tokens sent, budget sent
        "none, -, 4096, 0",
        "minimal, -, 4096, 0",
        "low, -, 5120, 1024",
        "medium, -, 8192, 4096",
        "high, -, 20480, 16384",
        "low, 1024, 1024, 0",
        "low, 1025, 1025, 1024",
        "high, 1500, 1500, 1024",
        "medium, 4096, 4096, 2048",
        "medium, 4097, 4097, 4096",
      })
  void keepsThinkingBelowTheLimit(String effort, Integer given, int max, int budget) {
    var chat = chat("{'role':'user','content':'?'}").put("reasoning_effort", effort);
    if (given != null) chat.put("max_tokens", given);
    var out = dialect.toProvider(chat);
    assertThat(out.path("max_tokens").asInt()).isEqualTo(max);
    assertThat(out.at("/thinking/budget_tokens").asInt()).isEqualTo(budget);
    assertThat(out.has("thinking")).isEqualTo(budget > 0);
  }

  @Test
  void doesNotThinkWhereAnthropicWouldRefuseIt() {
    var forced = tools().put("tool_choice", "required").put("reasoning_effort", "low");
    assertThat(dialect.toProvider(forced).has("thinking")).isFalse();
    var followUp =
        chat(
            "{'role':'assistant','tool_calls':[{'id':'a','function':{'name':'f'}}]},"
                + "{'role':'tool','tool_call_id':'a','content':'1'}");
    assertThat(dialect.toProvider(followUp.put("reasoning_effort", "low")).has("thinking"))
        .isFalse();
  }

  @Test
  void refusesALimitThatIsNone() {
    assertThat(refusal(chat("").put("max_tokens", "many")).param()).isEqualTo("max_tokens");
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

  private InvalidRequest refusal(ObjectNode chat) {
    return catchThrowableOfType(InvalidRequest.class, () -> dialect.toProvider(chat));
  }

  /** A request with one tool. */
  private static ObjectNode tools() {
    var chat = chat("{'role':'user','content':'?'}");
    chat.putArray("tools").add(tree("{'type':'function','function':{'name':'f'}}"));
    return chat;
  }
}
