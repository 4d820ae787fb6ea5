package io.caravan.inbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.json.Json;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WishReaderTest {

  private static final String HEADER = "x-caravan-max-attempts";

  @ParameterizedTest
  @CsvSource({"1, 1", "' 2 ', 2", "9999, 9999", "10000, 9999", "99999999999, 9999"})
  void anyNumberOfAttemptsMayBeWishedFor(String header, int attempts) {
    assertThat(attempts(header)).isEqualTo(attempts);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "1.5", "many", ""})
  void whatIsNoNumberOfAttemptsIsRefused(String header) {
    assertThatThrownBy(() -> attempts(header))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining(HEADER);
  }

  private static int attempts(String header) {
    var message = new DefaultExchange(new DefaultCamelContext()).getMessage();
    message.setHeader(HEADER, header);
    return WishReader.take(Json.object(), message).maxAttempts();
  }
}
