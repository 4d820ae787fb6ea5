package io.caravan.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.catalog.Service;
import io.caravan.json.Json;
import io.caravan.resilience.Rules.Recovery;
import io.caravan.routing.Target;
import io.caravan.streaming.Heard;
import io.caravan.streaming.ListStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a text completion goes on at another target. */
class ResumptionTest {

  private static final Service SERVICE =
      new Service("s", null, List.of("http://h"), null, Map.of(), null, true, true, "direct:s");

  private final ObjectNode request = Json.object().put("prompt", "hi ").put("stream", true);
  private final Resumption resumption =
      new Resumption(request, "one two three ", Recovery.CONTINUE);

  @Test
  void whatIsSaidAgainIsLeftOut() {
    assertThat(joined("one ", "two ", "three ", "four")).isEqualTo("four");
  }

  @Test
  void whatGoesOnIsLeftAsItIs() {
    assertThat(joined("four ", "one")).isEqualTo("four one");
  }

  /** A form holds for what comes new, so the beginning and the rest of two would make no third. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'response_format':{'type':'json_object'}}",
        "{'response_format':{'type':'json_schema','json_schema':{}}}",
        "{'format':'json'}",
        "{'grammar':'root ::= [0-9]'}"
      })
  void anAnswerThatHasAFormStartsAfresh(String fields) throws IOException {
    request.setAll((ObjectNode) Json.read(fields.replace('\'', '"')));
    assertThat(resumption.request(Target.of(SERVICE, "m"))).isSameAs(request);
    assertThat(joined("one two ", "three four")).isEqualTo("four");
  }

  @Test
  void oneThatIsTextGoesOn() {
    request.putObject("response_format").put("type", "text");
    var sent = resumption.request(Target.of(SERVICE, "m"));
    assertThat(sent.path("prompt").asText()).isEqualTo("hi one two three ");
  }

  private String joined(String... pieces) {
    var chunks = Stream.of(pieces).map(ResumptionTest::chunk).toList();
    var heard = Heard.from(resumption.joined(new ListStream<>(chunks), Target.of(SERVICE, "m")));
    return heard.items().stream()
        .map(chunk -> chunk.at("/choices/0/text").asText())
        .collect(Collectors.joining());
  }

  private static ObjectNode chunk(String text) {
    var chunk = Json.object();
    chunk.putArray("choices").addObject().put("text", text);
    return chunk;
  }
}
