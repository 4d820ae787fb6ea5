package io.caravan.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.catalog.Service;
import io.caravan.routing.Target;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModelLabelsTest {

  private static final Service SERVICE =
      new Service("s", null, List.of("http://h"), null, Map.of(), null, true, true, "direct:s");

  private final ModelLabels labels = new ModelLabels(target -> target.model().startsWith("real"));

  @Test
  void inventedNamesLeaveRoomForRealOnes() {
    for (int i = 0; i < 500; i++) {
      assertThat(labels.of(target("refused-" + i), false)).isEqualTo("other");
      labels.of(target("answered-" + i), true);
    }
    assertThat(labels.of(target("answered-0"), false)).isEqualTo("s~answered-0");
    assertThat(labels.of(target("answered-499"), true)).isEqualTo("other");
    for (int i = 0; i < 200; i++) {
      assertThat(labels.of(target("real-" + i), false)).isEqualTo("s~real-" + i);
    }
    assertThat(labels.of(target("real-200"), true)).isEqualTo("other");
    assertThat(labels.has("s~real-7@2")).isTrue();
    assertThat(labels.has("s~refused-1")).isFalse();
  }

  private static Target target(String model) {
    return new Target(SERVICE, "http://h", model, null, null);
  }
}
