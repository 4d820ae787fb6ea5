package io.caravan.dialect;

import static io.caravan.dialect.Trees.tree;
import static io.caravan.dialect.Trees.wire;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.errors.GatewayException.BadAnswer;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.errors.GatewayException.UpstreamFailed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddingsTest {

  private static final OllamaEmbeddings OLLAMA = new OllamaEmbeddings();

  @Test
  void leavesAnAnswerThatIsAsAsked() throws IOException {
    JsonNode floats = wire("openai/embeddings.float.response.json");
    assertThat(Embeddings.encoded(floats, "float")).isEqualTo(floats);
    assertThat(Embeddings.encoded(floats, null)).isEqualTo(floats);
    JsonNode base64 = wire("openai/embeddings.base64.response.json");
    assertThat(Embeddings.encoded(base64, "base64")).isEqualTo(base64);
  }

  @Test
  void encodesAsLittleEndianFloats() throws IOException {
    JsonNode floats = wire("openai/embeddings.float.response.json");
    var text = Embeddings.encoded(floats, "base64").at("/data/0/embedding").asText();
    var bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text)).order(ByteOrder.LITTLE_ENDIAN);
    for (var number : floats.at("/data/0/embedding")) {
      assertThat(bytes.getFloat()).isEqualTo(number.floatValue());
    }
    assertThat(bytes.hasRemaining()).isFalse();
    assertThat(floats.at("/data/0/embedding").isArray()).as("argument left alone").isTrue();
  }

  @Test
  void decodesForClientsThatWantNumbers() throws IOException {
    JsonNode base64 = wire("openai/embeddings.base64.response.json");
    var floats = Embeddings.encoded(base64, null);
    assertThat(floats.at("/data/0/embedding")).hasSize(4).allMatch(JsonNode::isNumber);
    assertThat(Embeddings.encoded(floats, "base64")).isEqualTo(base64);
  }

  @Test
  void fillsInWhatAnswersLeaveOutAndKeepsTheRest() {
    var out =
        Embeddings.encoded(tree("{'data':[{'embedding':[1]},{'embedding':[2],'x':0}]}"), null);
    assertThat(out)
        .isEqualTo(
            tree(
                "{'object':'list','data':[{'object':'embedding','index':0,'embedding':[1]},"
                    + "{'object':'embedding','index':1,'embedding':[2],'x':0}]}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'data':{}}",
        "{'data':[]}",
        "{'data':[7]}",
        "{'data':[{'embedding':null}]}",
        "{'data':[{'embedding':[[1,2]]}]}",
        "{'data':[{'embedding':['a']}]}",
        "{'data':[{'embedding':'AAA='}]}",
        "{'data':[{'embedding':'!'}]}"
      })
  void refusesWhatIsNoVector(String answer) {
    for (var format : new String[] {"float", "base64"}) {
      assertThatThrownBy(() -> Embeddings.encoded(tree(answer), format))
          .isInstanceOf(BadAnswer.class);
    }
  }

  @Test
  void findsErrors() {
    assertThatThrownBy(() -> Embeddings.encoded(tree("{'error':{'message':'m'}}"), null))
        .isInstanceOf(UpstreamFailed.class);
    assertThatThrownBy(() -> Embeddings.encoded(tree("{'data':[]}"), "int8"))
        .isInstanceOf(InvalidRequest.class);
  }

  @Test
  void asksOllamaForText() {
    var request =
        tree(
            "{'model':'m','input':['a','b'],'dimensions':4,'encoding_format':'base64','user':'u',"
                + "'truncate':false,'keep_alive':0,'options':{'num_ctx':9}}");
    assertThat(OLLAMA.toProvider(request))
        .isEqualTo(
            tree(
                "{'model':'m','input':['a','b'],'dimensions':4,"
                    + "'truncate':false,'keep_alive':0,'options':{'num_ctx':9}}"));
    assertThat(OLLAMA.toProvider(tree("{'input':'a'}"))).isEqualTo(tree("{'input':'a'}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{'input':null}", "{'input':[1,2]}", "{'input':[[1],[2]]}"})
  void asksOllamaForNothingElse(String request) {
    var failure =
        catchThrowableOfType(InvalidRequest.class, () -> OLLAMA.toProvider(tree(request)));
    assertThat(failure.param()).isEqualTo("input");
  }

  @Test
  void readsOllamasAnswer() throws IOException {
    var out = OLLAMA.toOpenAi(wire("ollama/embed.response.json"));
    assertThat(out.path("data")).hasSize(2);
    assertThat(out.at("/data/1/index").asInt()).isEqualTo(1);
    assertThat(out.at("/data/1/embedding/0").decimalValue()).isEqualTo("-0.0098027075");
    assertThat(out.get("usage")).hasToString("{\"prompt_tokens\":8,\"total_tokens\":8}");
    assertThat(Embeddings.encoded(out, "base64").at("/data/0/embedding").isTextual()).isTrue();
    assertThatThrownBy(() -> OLLAMA.toOpenAi(tree("{'embedding':[1]}")))
        .isInstanceOf(BadAnswer.class);
  }
}
