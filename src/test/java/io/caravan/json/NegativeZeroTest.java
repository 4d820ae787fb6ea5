package io.caravan.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class NegativeZeroTest {

  private static final String JSON = "{\"a\":[-0.0,0.0,-0.10,1.0,-5],\"id\":\"x-0.0\",\"b\":-0.0}";

  @Test
  void keepsItsSign() throws IOException {
    assertThat(Json.text(Json.read(JSON))).isEqualTo(JSON);
    assertThat(Json.bytes(Json.read(JSON.getBytes(UTF_8)))).asString(UTF_8).isEqualTo(JSON);
    assertThat(Json.bytes(Json.readRequest(JSON.getBytes(UTF_8)))).asString(UTF_8).isEqualTo(JSON);
  }

  @Test
  void doesNotMakeAnythingElseLegal() {
    for (var wrong : new String[] {"-0.0 x", "[-0.0", "-0.", "-0.0,1", "[-00.0]"}) {
      assertThatThrownBy(() -> Json.read(wrong)).isInstanceOf(JsonProcessingException.class);
      assertThatThrownBy(() -> Json.read(wrong.getBytes(UTF_8)))
          .isInstanceOf(JsonProcessingException.class);
    }
  }
}
