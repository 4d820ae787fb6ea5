package io.caravan.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.catalog.Service;
import io.caravan.errors.GatewayException.Unreachable;
import io.caravan.routing.Target;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuardedAddressTest {

  private static Target target() {
    var service =
        new Service("s", null, List.of("http://h"), null, Map.of(), null, true, true, "direct:s");
    return new Target(service, "http://h", "m", null);
  }

  @Test
  void theAddressThatWasJudgedIsTheOneThatIsUsed() throws Exception {
    var guarded = new GuardedAddress(host -> new InetAddress[] {InetAddress.getByName("10.1.2.3")});
    var address = guarded.of("cortex.example", 39281, target());
    assertThat(address.hostAddress()).isEqualTo("10.1.2.3");
    assertThat(address.port()).isEqualTo(39281);
  }

  @ParameterizedTest
  @ValueSource(strings = {"169.254.169.254", "0.0.0.0", "fe80::1", "100.100.100.200"})
  void aNameThatLeadsToMetadataIsNotCalled(String address) {
    var two =
        new GuardedAddress(
            host ->
                new InetAddress[] {
                  InetAddress.getByName("127.0.0.1"), InetAddress.getByName(address)
                });
    assertThatThrownBy(() -> two.of("cortex.example", 39281, target()))
        .isInstanceOf(Unreachable.class)
        .hasMessageContaining("must not call")
        .hasMessageNotContaining(address);
  }
}
