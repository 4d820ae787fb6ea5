package io.caravan.dialect;

import static io.caravan.dialect.Trees.chat;
import static io.caravan.dialect.Trees.tree;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

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
import org.junit.jupiter.params.provider.ValueSource;

class OllamaDialectTest {

  private final OllamaDialect dialect = new OllamaDialect();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'role':'function','content':'x'} | messages[0].role",
        "{'role':'user','content':[{'type':'input_audio'}]} | messages[0].content[0]",
        "{'role':'user','content':[{'type':'image_url','image_url':{'url':'data:x'}}]}"
            + " | messages[0].content[0].image_url.url",
        "{'role':'assistant','tool_calls':[{'id':'a','function':{'name':'f','arguments':'{'}}]}"
            + " | messages[0].tool_calls[0].function.arguments",
        "{'role':'assistant','tool_calls':[{'id':'a','function':{'name':'f','arguments':5}}]}"
            + " | messages[0].tool_calls[0].function.arguments",
        "{'role':'assistant','tool_calls':[{'id':'a'}]} | messages[0].tool_calls[0].function.name",
        "{'role':'assistant','tool_calls':[{'id':'a','function':{'name':' '}}]}"
            + " | messages[0].tool_calls[0].function.name",
      })
  void namesWhatItCannotExpress(String message, String param) {
    var failure =
        catchThrowableOfType(InvalidRequest.class, () -> dialect.toProvider(chat(message)));
    assertThat(failure.param()).isEqualTo(param);
    assertThat(failure).hasMessageContaining("`" + param + "`");
  }

  @Test
  void cannotForceATool() {
    var chat = chat("{'role':'user','content':'x'}").put("tool_choice", "required");
    var failure = catchThrowableOfType(InvalidRequest.class, () -> dialect.toProvider(chat));
    assertThat(failure.param()).isEqualTo("tool_choice");
    assertThat(dialect.toProvider(chat.put("tool_choice", "auto"))).isNotNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'type':'json_object'} | json",
        "{'type':'text'} | ",
        "{} | ",
      })
  void asksForJsonWithoutASchema(String format, String sent) {
    var chat = chat("{'role':'user','content':'x'}");
    chat.set("response_format", tree(format));
    assertThat(dialect.toProvider(chat).path("format").asText(null)).isEqualTo(sent);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type':'json_schema'}",
        "{'type':'json_schema','json_schema':5}",
        "{'type':'json_schema','json_schema':{'name':'x'}}",
        "{'type':'json_schema','json_schema':{'name':'x','schema':'oops'}}",
      })
  void refusesASchemaThatIsNone(String format) {
    var chat = chat("{'role':'user','content':'x'}");
    chat.set("response_format", tree(format));
    var failure = catchThrowableOfType(InvalidRequest.class, () -> dialect.toProvider(chat));
    assertThat(failure.param()).isEqualTo("response_format");
    assertThat(failure).hasMessageContaining("json_schema.schema");
  }

  @Test
  void refusesAFormThatOllamaDoesNotHave() {
    var chat = chat("{'role':'user','content':'x'}");
    chat.putObject("response_format").put("type", "grammar");
    var failure = catchThrowableOfType(InvalidRequest.class, () -> dialect.toProvider(chat));
    assertThat(failure.param()).isEqualTo("response_format.type");
  }

  @Test
  void tellsHowToSendAnImage() {
    var image = "{'type':'image_url','image_url':{'url':'https://example.com/a.jpg'}}";
    assertThatThrownBy(() -> dialect.toProvider(chat("{'role':'user','content':[" + image + "]}")))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("data: URL");
  }

  @ParameterizedTest
  @CsvSource({
    "none, false",
    "minimal, '\"low\"'",
    "medium, '\"medium\"'",
    "max, '\"max\"'",
    "ultra, '\"max\"'"
  })
  void thinksAsHardAsAsked(String effort, String think) {
    var out = dialect.toProvider(chat("").put("reasoning_effort", effort));
    assertThat(out.get("think").toString()).isEqualTo(think);
  }

  @Test
  void givesEachCallAnIdOfItsOwnThatIsAlwaysTheSame() {
    var one = answer("2024-07-22T20:33:28.123648Z");
    var later = answer("2024-07-22T20:33:28.123649Z");
    assertThat(ids(one)).hasSize(2).doesNotHaveDuplicates().isEqualTo(ids(one));
    assertThat(ids(later)).doesNotContainAnyElementsOf(ids(one));
  }

  @Test
  void looksUpTheToolOfAResult() {
    var out =
        dialect.toProvider(
            chat(
                "{'role':'assistant','tool_calls':[{'id':'a','function':{'name':'f'}},"
                    + "{'id':'b','function':{'name':'g'}}]},"
                    + "{'role':'tool','tool_call_id':'b','content':[{'type':'text','text':'1'}]},"
                    + "{'role':'tool','tool_call_id':'lost','name':'h','content':'2'}"));
    assertThat(out.at("/messages/1"))
        .isEqualTo(tree("{'role':'tool','content':'1','tool_name':'g','tool_call_id':'b'}"));
    assertThat(out.at("/messages/2/tool_name").asText()).isEqualTo("h");
  }

  @Test
  void refusesWhatIsNoAnswer() {
    assertThatThrownBy(() -> dialect.toCompletion(tree("{'done':true}")))
        .isInstanceOf(BadAnswer.class);
    assertThatThrownBy(() -> dialect.toCompletion(tree("{'error':'model not found'}")))
        .isInstanceOf(UpstreamFailed.class)
        .hasMessage("model not found");
    assertThatThrownBy(() -> dialect.toModels(tree("{}"))).isInstanceOf(BadAnswer.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'message':{'content':'The quick'},'done':false}",
        "{'message':{'content':'The quick'}}",
        "{'message':{'content':'The quick'},'done':true,'done_reason':'error'}",
        "{'message':{'content':'The quick'},'done':true,'done_reason':''}",
        "{'message':{'content':''},'done':true}",
      })
  void refusesAnAnswerThatIsNotFinished(String answer) {
    assertThatThrownBy(() -> dialect.toCompletion(tree(answer))).isInstanceOf(BadAnswer.class);
  }

  @Test
  void olderVersionsTellNoReason() {
    var old = tree("{'message':{'content':'Hi'},'done':true}");
    assertThat(dialect.toCompletion(old).at("/choices/0/finish_reason").asText()).isEqualTo("stop");
    var word = new ServerEvent(null, "{\"message\":{\"content\":\"Hi\"},\"done\":false}");
    assertThat(failure(word, new ServerEvent(null, "{\"done\":true}"))).isNull();
  }

  @Test
  void aStreamThatSaysNothingNeedsAReason() {
    var nothing = new ServerEvent(null, "{\"done\":true,\"model\":\"m\"}");
    assertThat(failure(nothing)).isInstanceOf(BadAnswer.class);
    assertThat(failure(new ServerEvent(null, "{\"done\":true,\"done_reason\":\"stop\"}"))).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"error", ""})
  void anErrorOrAClosedConnectionIsNoReasonToStop(String reason) {
    var word = new ServerEvent(null, "{\"message\":{\"content\":\"Hi\"},\"done\":false}");
    var end = new ServerEvent(null, "{\"done\":true,\"done_reason\":\"" + reason + "\"}");
    assertThat(failure(word, end)).isInstanceOf(BadAnswer.class);
  }

  @Test
  void passesOverAGarbledLineBehindTheFirstWord() {
    var word = new ServerEvent(null, "{\"message\":{\"content\":\"a\"},\"done\":false}");
    var half = new ServerEvent(null, "{\"message\":{\"cont");
    var call = new ServerEvent(null, "{\"message\":{\"tool_calls\":[{");
    var end = new ServerEvent(null, "{\"done\":true,\"done_reason\":\"stop\"}");
    assertThat(failure(word, half, word, end)).isNull();
    assertThat(failure(half, word, end)).isInstanceOf(BadAnswer.class);
    assertThat(failure(word, call, end)).isInstanceOf(BadAnswer.class);
    var whole = "{\"message\":{\"tool_calls\":[{\"function\":{\"name\":\"f\"}}]}}";
    assertThat(failure(new ServerEvent(null, whole), half, end)).isInstanceOf(BadAnswer.class);
  }

  private Throwable failure(ServerEvent... lines) {
    return Heard.from(List.of(lines), dialect.chunks()).failure();
  }

  private List<String> ids(ObjectNode answer) {
    return dialect.toCompletion(answer).findValuesAsText("id");
  }

  private static ObjectNode answer(String createdAt) {
    var call = "{'function':{'name':'f','arguments':{'a':1}}}";
    return tree("{'message':{'tool_calls':[" + call + "," + call + "]},'done':true}")
        .put("created_at", createdAt);
  }
}
