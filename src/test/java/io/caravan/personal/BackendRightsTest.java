package io.caravan.personal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.access.Client.Limits;
import io.caravan.errors.GatewayException.Refused;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackendRightsTest {

  private static final List<String> ALL = List.of();

  @Test
  void aServiceIsNamedByBackendTypeOrProvider() {
    for (var services : List.of(ALL, List.of("chatgpt"), List.of("x", "openai"))) {
      assertThatCode(() -> rights(ALL, services).requireService()).doesNotThrowAnyException();
      assertThat(rights(ALL, services).opens("gpt-4o")).isTrue();
    }
    assertThatThrownBy(() -> rights(ALL, List.of("ollama")).requireService())
        .isInstanceOfSatisfying(Refused.class, e -> assertThat(e.status()).isEqualTo(403))
        .hasMessageContaining("`chatgpt`")
        .hasMessageContaining("allowed_services");
    assertThat(rights(ALL, List.of("ollama")).opens("gpt-4o")).isFalse();
  }

  @Test
  void aModelIsNamedPlainlyOrWithItsService() {
    for (var name : new String[] {"gpt-4o", "gpt-*", "chatgpt~gpt-4o", "openai~gpt-4o"}) {
      assertThat(rights(List.of(name), ALL).opens("gpt-4o")).as(name).isTrue();
    }
    assertThatThrownBy(() -> rights(List.of("gpt-4o", "ollama~*"), ALL).require("o".repeat(999)))
        .isInstanceOfSatisfying(Refused.class, e -> assertThat(e.status()).isEqualTo(403))
        .hasMessageContaining("/proxy/llm/v1/models");
    assertThat(rights(List.of("gpt-4o"), List.of("ollama")).opens("gpt-4o"))
        .as("by both lists")
        .isFalse();
    assertThat(rights(List.of("chatgpt~gpt-4o"), List.of("openai")).opens("gpt-4o"))
        .as("each list may use another name of the service")
        .isTrue();
  }

  private static BackendRights rights(List<String> models, List<String> services) {
    var limits = new Limits(models, services, 0, 0, null);
    return new BackendRights(limits, List.of("chatgpt", "openai"));
  }
}
