package io.caravan.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.errors.GatewayException.Refused;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ThrottleTest {

  private static final long SECOND = 1_000_000_000L;

  private final AtomicLong now = new AtomicLong(7);
  private final Throttle throttle = new Throttle(3, now::get);

  @Test
  void letsAsManyRequestsThroughAsAMinuteAllows() {
    var client = client(2, 0);
    call(client);
    call(client);
    assertThat(refusal(client).retryAfterSeconds()).isEqualTo(30);
    now.addAndGet(29 * SECOND);
    assertThat(refusal(client).getMessage()).contains("2 requests per minute");
    now.addAndGet(SECOND);
    call(client);
    refusal(client);
    now.addAndGet(600 * SECOND);
    call(client);
    call(client);
    refusal(client);
  }

  @Test
  void waitsUntilOverdrawnTokensHaveFlownBack() {
    var client = client(0, 60);
    call(client);
    throttle.spent(client, 90);
    assertThat(refusal(client).retryAfterSeconds()).isEqualTo(31);
    now.addAndGet(31 * SECOND);
    call(client);
  }

  @Test
  void limitsCallsAtATimeAndForgetsThoseThatWereRefused() {
    var client = client(0, 0);
    for (int i = 0; i < 3; i++) throttle.begin(client);
    for (int i = 0; i < 5; i++) {
      assertThatThrownBy(() -> throttle.begin(client)).hasMessageContaining("3 calls running");
    }
    throttle.ended(client);
    throttle.begin(client);
    throttle.begin(client(1, 0, "another"));
  }

  private void call(Client client) {
    throttle.begin(client);
    throttle.ended(client);
  }

  private Refused refusal(Client client) {
    try {
      throttle.begin(client);
    } catch (Refused e) {
      assertThat(e.status()).isEqualTo(429);
      return e;
    }
    throw new AssertionError("it was let through");
  }

  private static Client client(int requests, long tokens) {
    return client(requests, tokens, "a");
  }

  private static Client client(int requests, long tokens, String id) {
    var limits = new Client.Limits(List.of(), List.of(), requests, tokens, null);
    return new Client(id, id, Client.Scope.CLIENT, limits);
  }
}
