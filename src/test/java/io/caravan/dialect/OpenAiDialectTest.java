package io.caravan.dialect;

import static io.caravan.dialect.Trees.chunk;
import static io.caravan.dialect.Trees.tree;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.fasterxml.jackson.databind.node.MissingNode;
import io.caravan.errors.GatewayException.BadAnswer;
import io.caravan.errors.GatewayException.UpstreamFailed;
import io.caravan.json.Json;
import io.caravan.streaming.Heard;
import io.caravan.streaming.ServerEvent;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpenAiDialectTest {

  private final OpenAiDialect dialect = new OpenAiDialect();

  @Test
  void copiesTheRequestSoThatTheCallerMaySetFields() {
    var chat = tree("{'model':'a','x':[1]}");
    dialect.toProvider(chat).put("model", "b");
    assertThat(chat).isEqualTo(tree("{'model':'a','x':[1]}"));
  }

  @Test
  void findsAnErrorInAGoodAnswer() {
    assertThatThrownBy(() -> dialect.toCompletion(tree("{'error':{'message':'m','code':404}}")))
        .asInstanceOf(type(UpstreamFailed.class))
        .satisfies(failure -> assertThat(failure.error().status()).isEqualTo(404));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'choices':null}",
        "{'choices':'x'}",
        "{'choices':[null]}",
        "{'choices':[{}]}",
        "{'choices':[{'message':{'content':'half'},'finish_reason':'error'}]}",
        "{'message':'Deleted'}",
        "{'choices':[{'message':{'content':'half'},'finish_reason':null}]}",
        "{'choices':[{'text':'half','finish_reason':null}]}",
        "{'choices':[{'message':{'role':'assistant','content':''}}]}",
        "{'choices':[{'message':{'role':'assistant','tool_calls':[]},'finish_reason':''}]}",
        "{'choices':[{'text':''}]}"
      })
  void refusesAnAnswerThatIsNone(String answer) {
    assertThatThrownBy(() -> dialect.toCompletion(tree(answer))).isInstanceOf(BadAnswer.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'choices':[{'message':{'content':''},'finish_reason':'stop'}]}",
        "{'choices':[{'message':{'content':'Hi'}}]}",
        "{'choices':[{'message':{'content':'Hi'},'finish_reason':''}]}",
        "{'choices':[{'message':{'content':null,'tool_calls':[{'id':'a'}]}}]}",
        "{'choices':[{'text':'Hi'}]}"
      })
  void takesAnAnswerWithAReasonOrWithContent(String answer) {
    assertThat(dialect.toCompletion(tree(answer))).isEqualTo(tree(answer));
  }

  @Test
  void refusesAnAnswerThatIsNoObject() {
    assertThatThrownBy(() -> dialect.toCompletion(Json.array())).isInstanceOf(BadAnswer.class);
    assertThatThrownBy(() -> dialect.toCompletion(MissingNode.getInstance()))
        .isInstanceOf(BadAnswer.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "null", "oops", "{\"choices\":[]} x"})
  void refusesAnEventThatIsNoObject(String data) {
    var heard = Heard.from(List.of(new ServerEvent(null, data)), dialect.chunks());
    assertThat(heard.failure()).isInstanceOf(BadAnswer.class);
  }

  @Test
  void passesOverAChoiceThatIsNoObjectBehindTheFirstWord() {
    var word = new ServerEvent(null, Json.text(chunk("{'content':'Hi'}", null)));
    var odd = new ServerEvent(null, "{\"choices\":[null]}");
    var end = new ServerEvent(null, Json.text(chunk("{}", "stop")));
    assertThat(Heard.from(List.of(odd), dialect.chunks()).failure()).isInstanceOf(BadAnswer.class);
    var heard = Heard.from(List.of(word, odd, end), dialect.chunks());
    assertThat(heard.failure()).isNull();
    assertThat(heard.items()).hasSize(2);
  }

  @Test
  void refusesAStreamOfNothing() {
    var heard = Heard.from(List.<ServerEvent>of(), dialect.chunks());
    assertThat(heard.failure()).hasMessage("The service sent a stream that was cut short.");
  }

  @Test
  void isCutShortIfAChoiceHasNoEndBeforeDone() {
    var word = new ServerEvent(null, Json.text(chunk("{'content':'Hi'}", null)));
    var other = Json.text(chunk("{'content':'Ho'}", null)).replace("\"index\":0", "\"index\":1");
    var end = new ServerEvent(null, Json.text(chunk("{}", "stop")));
    var done = new ServerEvent(null, "[DONE]");
    assertThat(Heard.from(List.of(word, end, done), dialect.chunks()).failure()).isNull();
    for (var events :
        List.of(List.of(word, done), List.of(word, new ServerEvent(null, other), end, done))) {
      assertThat(Heard.from(events, dialect.chunks()).failure()).isInstanceOf(BadAnswer.class);
    }
  }

  @Test
  void isDoneWithDone() {
    var chunks = dialect.chunks();
    chunks.next(new ServerEvent(null, Json.text(chunk("{'content':'Hi'}", null))), item -> {});
    assertThat(chunks.done()).isFalse();
    chunks.next(new ServerEvent(null, " [DONE] "), item -> {});
    assertThat(chunks.done()).isTrue();
  }

  @Test
  void listsModelsWhateverListItIs() {
    assertThat(dialect.toModels(tree("{'object':'list','data':null}"))).isEmpty();
    var bare = Json.array().add(tree("{'id':'a','created':'soon'}")).add(tree("{'name':'b'}"));
    assertThat(dialect.toModels(bare)).containsExactly(tree("{'id':'a','object':'model'}"));
    assertThatThrownBy(() -> dialect.toModels(tree("{}"))).isInstanceOf(BadAnswer.class);
    assertThatThrownBy(() -> dialect.toModels(tree("{'error':'no'}")))
        .isInstanceOf(UpstreamFailed.class);
  }

  @Test
  void anEmptyFinishReasonIsNone() {
    var word = "{'choices':[{'index':0,'delta':{'content':'a'},'finish_reason':''}]}";
    var events = List.of(new ServerEvent(null, word.replace('\'', '"')));
    var chunk = Heard.from(events, dialect.chunks()).items().get(0);
    assertThat(chunk.at("/choices/0/finish_reason").isNull()).isTrue();
  }

  @Test
  void passesOverNothingGarbledBehindACallsBeginning() {
    var form = "{'choices':[{'index':0,'delta':{%s},'finish_reason':%s}]}";
    var word = form.formatted("'content':'a'", "null");
    var none = form.formatted("'content':'','tool_calls':[],'function_call':null", "null");
    var half = "{'choices':[{'index':0,'del";
    var end = form.formatted("", "'stop'");
    assertThat(failure(word, none, half, end)).isNull();
    for (var call : List.of("'tool_calls':[{'index':0}]", "'function_call':{'name':'f'}")) {
      var begun = form.formatted(call, "null");
      assertThat(failure(word, half, begun, end)).isNull();
      assertThat(failure(word, begun, half, end)).isInstanceOf(BadAnswer.class);
    }
  }

  private Throwable failure(String... data) {
    var events =
        Stream.of(data).map(each -> new ServerEvent(null, each.replace('\'', '"'))).toList();
    return Heard.from(events, dialect.chunks()).failure();
  }
}
