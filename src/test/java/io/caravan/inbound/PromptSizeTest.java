package io.caravan.inbound;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import org.junit.jupiter.api.Test;

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
}
