package io.caravan.dialect;

import static io.caravan.dialect.Trees.tree;
import static io.caravan.dialect.Trees.wire;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import io.caravan.streaming.Heard;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompletionChunksTest {

  @Test
  void tellsAnAnswerInTheOrderOfAStream() {
    var message =
        "{'role':'assistant','content':'Hi','reasoning_content':'Hm','tool_calls':["
            + "{'id':'a','type':'function','function':{'name':'f','arguments':'{}'}},"
            + "{'id':'b','type':'function','function':{'name':'g','arguments':{'x':1}}}]}";
    var deltas = CompletionChunks.of(completion(message)).stream().map(c -> c.at("/choices/0"));
    assertThat(deltas.map(choice -> choice.path("delta").toString().replace('"', '\'')))
        .containsExactly(
            "{'role':'assistant','content':''}",
            "{'reasoning_content':'Hm'}",
            "{'content':'Hi'}",
            "{'tool_calls':[{'index':0,'id':'a','type':'function','function':{'name':'f','arguments':''}}]}",
            "{'tool_calls':[{'index':0,'function':{'arguments':'{}'}}]}",
            "{'tool_calls':[{'index':1,'id':'b','type':'function','function':{'name':'g','arguments':''}}]}",
            "{'tool_calls':[{'index':1,'function':{'arguments':'{\\'x\\':1}'}}]}",
            "{}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "openai/chat.response.json",
        "openai/chat.tools.response.json",
        "openai/chat.logprobs.response.json",
        "gpt4all/chat.response.json",
        "lmstudio/v0.chat.response.json"
      })
  void losesNothingOfRecordedAnswers(String file) throws IOException {
    var whole = (ObjectNode) wire(file);
    var chunks = CompletionChunks.of(whole);
    var choice = whole.at("/choices/0");
    assertThat(joined(chunks, "content")).isEqualTo(choice.at("/message/content").asText(""));
    assertThat(joined(chunks, "arguments"))
        .isEqualTo(String.join("", choice.findValuesAsText("arguments")));
    assertThat(chunks.get(chunks.size() - 2).at("/choices/0/finish_reason"))
        .isEqualTo(choice.get("finish_reason"));
    var last = chunks.get(chunks.size() - 1);
    assertThat(last.get("choices")).isEmpty();
    assertThat(last.get("usage")).isEqualTo(whole.get("usage"));
    assertThat(chunks).allMatch(chunk -> chunk.path("id").equals(whole.path("id")));
    assertThat(chunks.stream().anyMatch(c -> c.at("/choices/0/logprobs").isObject()))
        .isEqualTo(choice.path("logprobs").isObject());
  }

  @Test
  void passesTheFrameUnchanged() throws IOException {
    var chunks = CompletionChunks.of((ObjectNode) wire("gpt4all/chat.response.json"));
    var stamp = new AnswerStamp(CompletionKind.CHAT, "Llama 3 8B Instruct", "x", 1);
    var before = chunks.stream().map(chunk -> chunk.deepCopy().putNull("usage")).toList();
    var framed = Heard.from(chunks, new ChunkFrame(stamp, true, false)).items();
    assertThat(framed).hasSameSizeAs(chunks);
    for (int i = 0; i < framed.size() - 1; i++) {
      assertThat(Json.read(Json.text(framed.get(i)))).isEqualTo(before.get(i));
    }
  }

  @Test
  void tellsTextCompletions() throws IOException {
    var whole = (ObjectNode) wire("openai/completions.response.json");
    var chunks = CompletionChunks.of(whole);
    assertThat(chunks)
        .hasSize(3)
        .allMatch(c -> c.path("object").asText().equals("text_completion"));
    assertThat(chunks.get(0).at("/choices/0/text")).isEqualTo(whole.at("/choices/0/text"));
    assertThat(chunks.get(0).at("/choices/0/finish_reason").isNull()).isTrue();
    assertThat(chunks.get(1).at("/choices/0/finish_reason").asText()).isEqualTo("length");
    assertThat(chunks.get(2).at("/usage/total_tokens").asInt()).isEqualTo(12);
  }

  @Test
  void namesAReasonWhereTheServiceGaveNone() {
    var chunks = CompletionChunks.of(completion("{'content':'Hi'}"));
    assertThat(chunks).hasSize(3);
    assertThat(chunks.get(2).at("/choices/0/finish_reason").asText()).isEqualTo("stop");
  }

  private static ObjectNode completion(String message) {
    var out = Json.object().put("object", "chat.completion");
    out.putArray("choices").addObject().put("index", 0).set("message", tree(message));
    return out;
  }

  private static String joined(List<ObjectNode> chunks, String field) {
    var out = new StringBuilder();
    for (JsonNode chunk : chunks) {
      for (JsonNode value : chunk.findValues(field)) out.append(value.asText(""));
    }
    return out.toString();
  }
}
