package io.caravan.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PermissionsTest {

  @Test
  void opensWhatIsNamed() {
    assertThat(allow(List.of(), List.of(), "fast", "a", "m")).isTrue();
    assertThat(allow(List.of("m"), List.of(), null, "a", "m")).isTrue();
    assertThat(allow(List.of("a~m"), List.of(), null, "a", "m")).isTrue();
    assertThat(allow(List.of("a~m"), List.of(), null, "b", "m")).isFalse();
    assertThat(allow(List.of("gpt-*"), List.of(), null, "a", "gpt-4o")).isTrue();
    assertThat(allow(List.of("gpt-*"), List.of(), null, "a", "o-gpt-4")).isFalse();
    assertThat(allow(List.of("a~*"), List.of(), null, "a", "x")).isTrue();
    assertThat(allow(List.of("fast"), List.of(), "fast", "a", "m")).isTrue();
    assertThat(allow(List.of("fast"), List.of(), null, "a", "m")).isFalse();
    assertThat(allow(List.of("m"), List.of("b"), null, "a", "m")).isFalse();
    assertThat(allow(List.of(), List.of("a"), null, "a", "m")).isTrue();
    assertThat(allow(List.of("*"), List.of("a"), "fast", "b", "m")).isFalse();
  }

  private static boolean allow(
      List<String> models, List<String> services, String alias, String service, String model) {
    return Permissions.allow(
        new Client.Limits(models, services, 0, 0, null), alias, service, model);
  }
}
