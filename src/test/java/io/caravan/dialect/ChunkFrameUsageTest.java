package io.caravan.dialect;

import static io.caravan.dialect.Trees.chunk;
import static io.caravan.dialect.Trees.tree;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.streaming.Heard;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Chunks that belong to no choice: the usage, if asked for, and nothing else. */
class ChunkFrameUsageTest {

  private static final AnswerStamp CHAT =
      new AnswerStamp(CompletionKind.CHAT, "svc~m", "fallback", 99);
  private static final ObjectNode HELLO = chunk("{'role':'assistant','content':''}", null);
  private static final ObjectNode STOP = chunk("{}", "stop");
  private static final ObjectNode USAGE = tree("{'choices':[],'usage':{'total_tokens':3}}");

  @Test
  void tellsTheUsageOnceAndLastIfAsked() {
    var asked = framed(true, HELLO, STOP, USAGE);
    assertThat(asked).hasSize(3);
    assertThat(asked.get(0).get("usage").isNull()).isTrue();
    assertThat(asked.get(1).get("usage").isNull()).isTrue();
    assertThat(asked.get(2).get("choices")).isEmpty();
    assertThat(asked.get(2).at("/usage/total_tokens").asInt()).isEqualTo(3);
    assertThat(asked.get(2).path("id").asText()).isEqualTo("c-1");
    assertThat(framed(false, HELLO, STOP, USAGE)).hasSize(2).noneMatch(c -> c.has("usage"));
  }

  @Test
  void splitsTheUsageOffTheFinishChunk() {
    ObjectNode finish = STOP.deepCopy().set("usage", tree("{'total_tokens':4}"));
    var continuous = HELLO.deepCopy().<ObjectNode>set("usage", tree("{'total_tokens':1}"));
    var asked = framed(true, continuous, finish);
    assertThat(asked).hasSize(3);
    assertThat(asked.get(1).get("usage").isNull()).isTrue();
    assertThat(asked.get(1).at("/choices/0/finish_reason").asText()).isEqualTo("stop");
    assertThat(asked.get(2).at("/usage/total_tokens").asInt()).isEqualTo(4);
    assertThat(framed(false, continuous, finish)).hasSize(2).noneMatch(c -> c.has("usage"));
  }

  @Test
  void tellsTheUsageSoFarIfAskedForIt() {
    var so = HELLO.deepCopy().<ObjectNode>set("usage", tree("{'total_tokens':1}"));
    var out =
        Heard.from(List.of(so, STOP.deepCopy(), USAGE.deepCopy()), new ChunkFrame(CHAT, true, true))
            .items();
    assertThat(out.stream().map(chunk -> chunk.path("usage").toString()))
        .containsExactly("{\"total_tokens\":1}", "null", "{\"total_tokens\":3}");
    var alone = Heard.from(List.of(so.deepCopy()), new ChunkFrame(CHAT, false, true)).items();
    assertThat(alone).hasSize(1).noneMatch(chunk -> chunk.has("usage"));
  }

  @Test
  void dropsChunksThatBelongToNoChoice() {
    var azure = tree("{'id':'','created':0,'choices':[],'prompt_filter_results':[{}]}");
    var out = framed(true, azure, HELLO, tree("{'id':'c-1'}"), STOP);
    assertThat(out).hasSize(2).allMatch(chunk -> chunk.path("id").asText().equals("c-1"));
  }

  private static List<ObjectNode> framed(boolean includeUsage, ObjectNode... chunks) {
    return Heard.from(List.of(chunks), new ChunkFrame(CHAT, includeUsage, false)).items();
  }
}
