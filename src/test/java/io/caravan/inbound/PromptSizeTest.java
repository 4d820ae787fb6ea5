package io.caravan.inbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PromptSizeTest {

  @Test
  void countsTextAndNoPictures() throws Exception {
    var text =
        "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"0123456789\"},"
            + "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,AAAAAAAAAAAAAAAAAAAAA\"}}]}]}";
    var request = (ObjectNode) Json.read(text);
    assertThatCode(() -> PromptSize.check(request, 27)).doesNotThrowAnyException();
    assertThatThrownBy(() -> PromptSize.check(request, 26))
        .hasMessageContaining("Shorten 'messages'");
    var input = (ObjectNode) Json.read("{\"input\":[\"abc\",\"def\"]}");
    assertThatThrownBy(() -> PromptSize.check(input, 5)).hasMessageContaining("'input'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'prompt':[1,2,3]}",
        "{'prompt':[[1,2],[3]]}",
        "{'suffix':'0123456789ab'}",
        "{'prediction':{'type':'a','content':'0123456789'}}",
        "{'functions':[{'name':'f','description':'0123456789'}]}",
        "{'nobody':{'knows':['0123456789','it']}}",
      })
  void noFieldIsAWayRound(String text) throws Exception {
    var request = (ObjectNode) Json.read(text.replace('\'', '"'));
    assertThatThrownBy(() -> PromptSize.check(request, 10)).hasMessageContaining("Shorten");
    assertThatCode(() -> PromptSize.check(request, 12)).doesNotThrowAnyException();
  }

  @Test
  void tokenIdsAreText() throws Exception {
    var request = (ObjectNode) Json.read("{\"model\":\"m\",\"prompt\":[1,2,3]}");
    assertThat(PromptSize.chars(request)).isEqualTo(12);
  }

  @Test
  void aNameIsNoPlaceToHideTextIn() throws Exception {
    var request = (ObjectNode) Json.read("{\"x\":{\"" + "y".repeat(100) + "\":{}}}");
    assertThatThrownBy(() -> PromptSize.check(request, 99)).hasMessageContaining("'x'");
  }
}
