package io.caravan.live;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.settings.Configuration;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LivePartsTest {

  @Test
  void aWrongValueIsFoundBeforeAnythingChanges() throws IOException {
    for (var wrong :
        Map.of(
                "caravan.breaker.failure-rate", "200",
                "caravan.breaker.enabled", "perhaps",
                "caravan.limits.max-concurrent", "-1",
                "caravan.limits.max-queue", "many",
                "caravan.limits.max-prompt-chars", "-5",
                "caravan.retry.max-attempts", "x",
                "caravan.model.a.weights", "1, heavy",
                "caravan.model.a.max-attempts", "x",
                "caravan.model.a.strategy", "luck")
            .entrySet()) {
      var settings = Map.of(wrong.getKey(), wrong.getValue(), "caravan.model.a.targets", "b~c");
      var configuration = Configuration.load(null, Map.of(), settings);
      assertThatThrownBy(() -> LiveParts.check(configuration))
          .isInstanceOf(IllegalArgumentException.class)
          .satisfies(
              e ->
                  org.assertj.core.api.Assertions.assertThat(e.getMessage())
                      .contains(wrong.getKey()));
    }
    var right = Configuration.load(null, Map.of(), Map.of());
    assertThatCode(() -> LiveParts.check(right)).doesNotThrowAnyException();
  }
}
