package io.caravan.dialect;

import static io.caravan.dialect.Trees.chunk;
import static io.caravan.dialect.Trees.tree;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.streaming.Heard;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChunkFrameTest {

  private static final AnswerStamp CHAT =
      new AnswerStamp(CompletionKind.CHAT, "svc~m", "fallback", 99);
  private static final ObjectNode HELLO = chunk("{'role':'assistant','content':''}", null);
  private static final ObjectNode STOP = chunk("{}", "stop");

  @Test
  void stampsEveryChunkAlike() {
    var nameless = tree("{'id':'other','created':7,'choices':[{'delta':{'content':'Hi'}}]}");
    var out = framed(HELLO, nameless, STOP);
    assertThat(out).hasSize(3);
    assertThat(out)
        .allSatisfy(chunk -> assertThat(chunk.path("id").asText()).isEqualTo("c-1"))
        .allSatisfy(chunk -> assertThat(chunk.path("created").asLong()).isEqualTo(5))
        .allSatisfy(chunk -> assertThat(chunk.path("model").asText()).isEqualTo("svc~m"))
        .allSatisfy(
            chunk -> assertThat(chunk.path("object").asText()).isEqualTo("chat.completion.chunk"))
        .noneMatch(chunk -> chunk.has("usage"));
    assertThat(out.get(1).at("/choices/0"))
        .isEqualTo(tree("{'index':0,'delta':{'content':'Hi'},'finish_reason':null}"));
  }

  @Test
  void fallsBackWhereTheServiceTellsNothing() {
    var out = framed(tree("{'id':'','created':0,'choices':[{'index':0,'delta':{}}]}"));
    assertThat(out)
        .allSatisfy(chunk -> assertThat(chunk.path("id").asText()).isEqualTo("fallback"))
        .allSatisfy(chunk -> assertThat(chunk.path("created").asLong()).isEqualTo(99));
  }

  @Test
  void insertsAMissingRoleForEachChoice() {
    var both = chunk("{'content':'a'}", null);
    both.withArray("choices").addObject().put("index", 1).putObject("delta").put("content", "b");
    var out = framed(both, chunk("{'content':'c'}", null));
    assertThat(out).hasSize(4);
    assertThat(out.get(0).at("/choices/0/delta"))
        .isEqualTo(tree("{'role':'assistant','content':''}"));
    assertThat(out.get(1).at("/choices/0/index").asInt()).isEqualTo(1);
    assertThat(out.get(1).at("/choices/0/delta/role").asText()).isEqualTo("assistant");
    assertThat(out.get(2).at("/choices/1/delta")).isEqualTo(tree("{'content':'b'}"));
    assertThat(out.get(3).at("/choices/0/delta")).isEqualTo(tree("{'content':'c'}"));
  }

  @Test
  void letsTheRoleComeWithTheFirstTextAndOnlyOnce() {
    var out =
        framed(
            chunk("{'role':'assistant','content':'a'}", null),
            chunk("{'role':'assistant','content':'b'}", null),
            chunk("{'role':null,'content':'c'}", null));
    assertThat(deltas(out))
        .containsExactly(
            tree("{'role':'assistant','content':'a'}"),
            tree("{'content':'b'}"),
            tree("{'content':'c'}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'role':'assistant'} | {'role':'assistant','content':''}",
        "{'role':'assistant','content':null} | {'role':'assistant','content':''}",
        "{'role':'assistant','content':null,'refusal':null,'tool_calls':[]} |"
            + " {'role':'assistant','content':'','refusal':null,'tool_calls':[]}",
        "{'role':'assistant','refusal':'no'} | {'role':'assistant','refusal':'no'}",
      })
  void aRoleAloneComesWithNoText(String first, String framed) {
    var later = chunk("{'role':'assistant','content':null}", null);
    var out = framed(chunk(first, null), later);
    assertThat(deltas(out)).containsExactly(tree(framed), tree("{'content':null}"));
  }

  /** OpenAI's own first chunk of an answer that only calls tools has no text. */
  @Test
  void aRoleBesideACallStaysAsItIs() {
    var call = "{'index':0,'id':'a','type':'function','function':{'name':'f','arguments':''}}";
    var first = "{'role':'assistant','content':null,'tool_calls':[" + call + "]}";
    assertThat(deltas(framed(chunk(first, null)))).containsExactly(tree(first));
  }

  @Test
  void completesToolCalls() {
    var out =
        framed(
            HELLO,
            chunk("{'tool_calls':[{'id':'a','function':{'name':'f'}}]}", null),
            chunk("{'tool_calls':[{'function':{'arguments':'{}'}}]}", null),
            chunk(
                "{'tool_calls':[{'index':0,'id':'z','type':'function',"
                    + "'function':{'name':'f','arguments':'!'}}]}",
                null),
            chunk("{'tool_calls':[{'id':'b','function':{'name':'g','arguments':{'x':1}}}]}", null),
            chunk("{'tool_calls':[{'index':2,'id':'c','type':'function'}]}", "tool_calls"));
    assertThat(out)
        .last()
        .extracting(c -> c.at("/choices/0/finish_reason").asText())
        .isEqualTo("tool_calls");
    assertThat(deltas(out).map(delta -> delta.at("/tool_calls/0")).skip(1).map(JsonNode::toString))
        .containsExactly(
            "{'index':0,'id':'a','function':{'name':'f','arguments':''},'type':'function'}"
                .replace('\'', '"'),
            "{'index':0,'function':{'arguments':'{}'}}".replace('\'', '"'),
            "{'index':0,'function':{'arguments':'!'}}".replace('\'', '"'),
            "{'index':1,'id':'b','function':{'name':'g','arguments':'{\\'x\\':1}'},'type':'function'}"
                .replace('\'', '"'),
            "{'index':2,'id':'c','type':'function','function':{'arguments':''}}"
                .replace('\'', '"'));
  }

  @Test
  void givesCallsAnIdAndTheirOwnEnd() {
    var bare = "{'tool_calls':[{'id':'','function':{'name':'f'}},{'function':{'name':'g'}}]}";
    var out = framed(HELLO, chunk(bare, null), STOP.deepCopy());
    var calls = out.get(1).at("/choices/0/delta/tool_calls");
    assertThat(calls).hasSize(2).allMatch(call -> call.path("id").asText().startsWith("call_"));
    assertThat(calls.get(0).get("id")).isNotEqualTo(calls.get(1).get("id"));
    assertThat(out.get(2).at("/choices/0/finish_reason").asText()).isEqualTo("tool_calls");
  }

  @Test
  void completesTheCallsOfWholeAnswers() {
    var call = "{'function':{'name':'f','arguments':{'city':'Paris'}}}";
    var whole =
        tree(
            "{'choices':[{'message':{'tool_calls':["
                + call
                + ','
                + call
                + ",{'id':'x','type':'custom','custom':{}}]},'finish_reason':'stop'}]}");
    var choice = CHAT.whole(whole).at("/choices/0");
    var calls = choice.at("/message/tool_calls");
    assertThat(calls.get(0).at("/function/arguments").asText()).isEqualTo("{\"city\":\"Paris\"}");
    assertThat(calls.get(0).path("type").asText()).isEqualTo("function");
    assertThat(calls.get(0).path("id").asText()).startsWith("call_");
    assertThat(calls.get(0).get("id")).isNotEqualTo(calls.get(1).get("id"));
    assertThat(calls.get(2)).isEqualTo(tree("{'id':'x','type':'custom','custom':{}}"));
    assertThat(choice.path("finish_reason").asText()).isEqualTo("tool_calls");
  }

  @Test
  void keepsWhatItDoesNotKnow() {
    var chunk = chunk("{'content':'a','role':'assistant','x':1}", null).put("timings", 7);
    ((ObjectNode) chunk.at("/choices/0")).put("logprobs", "l").put("y", 2);
    var out = framed(HELLO, chunk).get(1);
    assertThat(out.path("timings").asInt()).isEqualTo(7);
    assertThat(out.at("/choices/0/delta/x").asInt()).isEqualTo(1);
    assertThat(out.at("/choices/0/y").asInt()).isEqualTo(2);
    assertThat(out.at("/choices/0/finish_reason").isNull()).isTrue();
  }

  @Test
  void framesTextCompletionsWithoutRoles() {
    var stamp = new AnswerStamp(CompletionKind.TEXT, "svc~m", "fallback", 99);
    var chunk = tree("{'choices':[{'text':'This','index':0}]}");
    var out = Heard.from(List.of(chunk), new ChunkFrame(stamp, false, false)).items();
    assertThat(out).hasSize(1);
    assertThat(out.get(0).path("object").asText()).isEqualTo("text_completion");
    assertThat(out.get(0).at("/choices/0"))
        .isEqualTo(tree("{'index':0,'text':'This','finish_reason':null}"));
  }

  @Test
  void stampsWholeAnswers() {
    var theirs = tree("{'id':'placeholder','model':'x','choices':[],'y':1}");
    assertThat(CHAT.whole(theirs).toString())
        .isEqualTo(
            "{'id':'placeholder','object':'chat.completion','created':99,'model':'svc~m','choices':[],'y':1}"
                .replace('\'', '"'));
  }

  private static List<ObjectNode> framed(ObjectNode... chunks) {
    return Heard.from(List.of(chunks), new ChunkFrame(CHAT, false, false)).items();
  }

  private static Stream<JsonNode> deltas(List<ObjectNode> chunks) {
    return chunks.stream().map(chunk -> chunk.at("/choices/0/delta"));
  }
}
