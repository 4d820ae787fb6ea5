package io.caravan.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Chunks as llama-server (v0.5.0) streams them. */
class TextPieceTest {

  @Test
  void piecesOfOneTextBecomeOneChunk() {
    var piece = TextPiece.of(chunk("{'index':1,'finish_reason':null,'delta':{'content':'Hel'}}"));
    var next = TextPiece.of(chunk("{'index':1,'finish_reason':null,'delta':{'content':'lo 🦊'}}"));
    var last = TextPiece.of(chunk("{'index':1,'delta':{'content':'!'}}"));
    assertThat(piece.takes(next)).isTrue();
    piece.add(next);
    piece.add(last);
    assertThat(piece.index()).isEqualTo(1);
    assertThat(piece.chunk())
        .isEqualTo(chunk("{'index':1,'finish_reason':null,'delta':{'content':'Hello 🦊!'}}"));
  }

  @Test
  void aCompletionsTextIsOneToo() {
    var piece = TextPiece.of(chunk("{'index':0,'logprobs':null,'text':'a'}"));
    piece.add(TextPiece.of(chunk("{'index':0,'logprobs':null,'text':'b'}")));
    assertThat(piece.chunk()).isEqualTo(chunk("{'index':0,'logprobs':null,'text':'ab'}"));
  }

  @Test
  void thoughtsAndAnswerStayApartAndSoDoChoices() {
    var thought = TextPiece.of(chunk("{'index':0,'delta':{'reasoning_content':'a'}}"));
    var answer = TextPiece.of(chunk("{'index':0,'delta':{'content':'b'}}"));
    var other = TextPiece.of(chunk("{'index':1,'delta':{'content':'c'}}"));
    assertThat(thought.takes(answer)).isFalse();
    assertThat(answer.takes(other)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'index':0,'delta':{'role':'assistant','content':null}}",
        "{'index':0,'delta':{'role':'assistant','content':'a'}}",
        "{'index':0,'delta':{'content':null}}",
        "{'index':0,'delta':{'content':[]}}",
        "{'index':0,'delta':{}}",
        "{'index':0,'delta':null}",
        "{'index':0,'finish_reason':'stop','delta':{'content':'a'}}",
        "{'index':0,'finish_reason':'length','text':'a'}",
        "{'index':0,'logprobs':{'content':[]},'delta':{'content':'a'}}",
        "{'index':0,'delta':{'tool_calls':[{'index':0,'function':{'arguments':'{'}}]}}",
        "{'index':0,'delta':{'content':'a','reasoning_content':'b'}}",
        "{'index':0,'delta':{'content':'a'},'text':'b'}",
        "{'index':0,'delta':{'content':'a'}},{'index':1,'delta':{'content':'b'}}",
        "{'index':0}",
        "3",
        ""
      })
  void whatSaysMoreOrElseIsNone(String choices) {
    assertThat(TextPiece.of(chunk(choices))).isNull();
  }

  @Test
  void whatIsSaidBesideTheChoicesIsNotLost() {
    var text = "{'index':0,'delta':{'content':'a'}}";
    assertThat(TextPiece.of(chunk(text))).isNotNull();
    assertThat(TextPiece.of((ObjectNode) chunk(text).set("usage", Json.object()))).isNull();
    assertThat(TextPiece.of((ObjectNode) chunk(text).set("timings", Json.object()))).isNull();
    assertThat(TextPiece.of(chunk(text).putNull("usage"))).isNotNull();
  }

  static ObjectNode chunk(String choices) {
    var text = "{'id':'c','object':'chat.completion.chunk','created':1,'model':'m','choices':[%s]}";
    try {
      return (ObjectNode) Json.read(text.formatted(choices).replace('\'', '"'));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
