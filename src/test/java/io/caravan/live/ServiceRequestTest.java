package io.caravan.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.json.Json;
import org.junit.jupiter.api.Test;

class ServiceRequestTest {

  @Test
  void refusesTheNameOfAVariableThatNoColumnHolds() {
    var longest = Json.object().put("api_key_env_var", "A".repeat(200));
    assertThat(ServiceRequest.of(longest).settings()).hasSize(1);
    var longer = Json.object().put("api_key_env_var", "A".repeat(201));
    assertThatThrownBy(() -> ServiceRequest.of(longer))
        .isInstanceOfSatisfying(
            InvalidRequest.class, e -> assertThat(e.param()).isEqualTo("api_key_env_var"))
        .hasMessage("'api_key_env_var' is longer than 200 characters.");
  }
}
