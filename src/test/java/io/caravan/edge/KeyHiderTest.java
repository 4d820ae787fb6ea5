package io.caravan.edge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.streaming.ServerEvent;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class KeyHiderTest {

  private final KeyHider hider = new KeyHider("sk-123");

  @Test
  void hidesTheKeyWhereverAFailureQuotesIt() {
    byte[] body = "{\"code\":\"sk-123\",\"message\":\"\u00e9 sk-sk-123\"}".getBytes(UTF_8);
    assertThat(new String(hider.hide(body), UTF_8))
        .isEqualTo("{\"code\":\"***\",\"message\":\"\u00e9 sk-***\"}");
    assertThat(through(hider, new ServerEvent("error", "key sk-123")).data()).isEqualTo("key ***");
    var inside = new ServerEvent(null, "{\"error\":{\"message\":\"sk-123\"}}");
    assertThat(through(hider, inside).data()).doesNotContain("sk-123");
  }

  @Test
  void leavesAnswersAsTheyAre() {
    var answer = new ServerEvent(null, "{\"content\":\"say \\\"error\\\" sk-123\"}");
    assertThat(through(hider, answer)).isSameAs(answer);
    assertThat(new KeyHider("none").hide("none")).isEqualTo("none");
    assertThat(new KeyHider(null).hide("x")).isEqualTo("x");
  }

  private static ServerEvent through(KeyHider hider, ServerEvent event) {
    var out = new ArrayList<ServerEvent>();
    hider.next(event, out::add);
    return out.get(0);
  }
}
