package io.caravan.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import org.junit.jupiter.api.Test;

class ServerAnswerTest {

  @Test
  void aCallHasNoTextAndNobodyRefuses() throws Exception {
    var calls = "'content':'','tool_calls':[{'id':'1'}]";
    var choice = chat(calls, "tool_calls");
    assertThat(choice.at("/message/content").isNull()).isTrue();
    assertThat(choice.at("/message/refusal").isNull()).isTrue();
    assertThat(choice.get("logprobs").isNull()).isTrue();
    assertThat(chat("'content':''", "stop").at("/message/content").isTextual()).isTrue();
  }

  @Test
  void onlyWhatTheLimitCutMayEndInACall() throws Exception {
    var text = "'content':'Look <tool_'";
    assertThat(chat(text, "length").at("/message/content").asText()).isEqualTo("Look ");
    assertThat(chat(text, "stop").at("/message/content").asText()).isEqualTo("Look <tool_");
  }

  @Test
  void aTextHasAnIdOfItsOwn() throws Exception {
    var text = "{'id':'chatcmpl-a','object':'text_completion','choices':[]}";
    assertThat(answer(text).path("id").asText()).isEqualTo("cmpl-a");
    var chat = text.replace("text_completion", "chat.completion");
    assertThat(answer(chat).path("id").asText()).isEqualTo("chatcmpl-a");
  }

  private static JsonNode chat(String message, String reason) throws Exception {
    var choice = "{'index':0,'finish_reason':'%s','message':{'role':'assistant',%s}}";
    return answer("{'choices':[" + choice.formatted(reason, message) + "]}").at("/choices/0");
  }

  private static JsonNode answer(String json) throws Exception {
    var answer = (ObjectNode) Json.read(json.replace('\'', '"'));
    var mend = new ServerAnswer(null, text -> text.replace("<tool_", ""), null);
    return (JsonNode) mend.of(answer).toCompletableFuture().get();
  }
}
