package io.caravan.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException;
import io.caravan.json.Json;
import io.caravan.streaming.Heard;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** How the two halves of a joined answer meet. */
class RepetitionTest {

  @Test
  void leavesOutWhatWasDelivered() {
    for (int size = 1; size < 12; size++) {
      var heard = Heard.from(chunks("one two three", size), new Repetition("one tw", () -> {}));
      assertThat(text(heard)).as("pieces of " + size).isEqualTo("o three");
      assertThat(heard.endings()).containsExactly("end");
    }
  }

  @Test
  void failsForAnotherAnswer() {
    assertFails(Heard.from(chunks("one three", 2), new Repetition("one tw", () -> {})));
    assertFails(Heard.from(chunks("one", 2), new Repetition("one tw", () -> {})));
    assertFails(Heard.from(List.of(finish()), new Repetition("one", () -> {})));
  }

  @Test
  void keepsTheEndBehindAnAnswerThatWasAllThere() {
    var heard = Heard.from(List.of(chunk("one"), finish()), new Repetition("one", () -> {}));
    assertThat(heard.items()).hasSize(1);
    assertThat(heard.items().get(0).at("/choices/0/finish_reason").asText()).isEqualTo("stop");
  }

  @Test
  void aSeamTakesWhiteSpaceOnce() {
    assertThat(text(Heard.from(chunks(" two", 1), new Seam(" ")))).isEqualTo("two");
    assertThat(text(Heard.from(chunks("two", 2), new Seam(" ")))).isEqualTo("two");
    assertThat(text(Heard.from(chunks("\n\n two", 1), new Seam("\n")))).isEqualTo("\n two");
    assertThat(text(Heard.from(chunks(" two", 4), new Seam("")))).isEqualTo(" two");
  }

  @Test
  void aBeginningThatIsSaidAgainIsLeftOut() {
    for (int size = 1; size < 12; size++) {
      var heard = Heard.from(chunks("one two three", size), new Echo("one tw", () -> {}));
      assertThat(text(heard)).as("pieces of " + size).isEqualTo("o three");
      heard = Heard.from(chunks("one three", size), new Echo("one tw", () -> {}));
      assertThat(text(heard)).as("pieces of " + size).isEqualTo("one three");
    }
    assertThat(text(Heard.from(chunks("one t", 2), new Echo("one tw", () -> {}))))
        .isEqualTo("one t");
    var ended = List.of(chunk("one"), finish());
    assertThat(Heard.from(ended, new Echo("one tw", () -> {})).items()).isEqualTo(ended);
  }

  private static void assertFails(Heard<ObjectNode> heard) {
    assertThat(heard.failure()).isInstanceOf(GatewayException.BadAnswer.class);
    assertThat(heard.items()).isEmpty();
  }

  private static String text(Heard<ObjectNode> heard) {
    return heard.items().stream()
        .map(chunk -> chunk.at("/choices/0/delta/content").asText())
        .collect(Collectors.joining());
  }

  private static List<ObjectNode> chunks(String text, int size) {
    var pieces = text.split("(?<=\\G.{" + size + "})");
    return Arrays.stream(pieces).map(RepetitionTest::chunk).toList();
  }

  private static ObjectNode chunk(String text) {
    var chunk = Json.object();
    var choice = chunk.putArray("choices").addObject().put("index", 0);
    choice.putObject("delta").put("content", text);
    choice.putNull("finish_reason");
    return chunk;
  }

  private static ObjectNode finish() {
    var chunk = Json.object();
    var choice = chunk.putArray("choices").addObject().put("index", 0);
    choice.putObject("delta");
    choice.put("finish_reason", "stop");
    return chunk;
  }
}
