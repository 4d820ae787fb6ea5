package io.caravan.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.settings.Configuration;
import io.caravan.store.Database;
import io.caravan.store.DatabaseUrl;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTest {

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "192.168.1.2", "10.0.0.1"})
  void asksForKeysOnOtherInterfacesWhateverTheSettingsSay(String host) throws IOException {
    assertThat(required(host, "false")).isTrue();
  }

  @Test
  void asksForThemOnTheLoopbackInterfaceIfToldSo() throws IOException {
    assertThat(required("127.0.0.1", "false")).isFalse();
    assertThat(required("localhost", "false")).isFalse();
    assertThat(required("::1", "false")).isFalse();
    assertThat(required("127.0.0.1", "true")).isTrue();
  }

  @Test
  void whatNobodyHasNamedIsForAdmins() {
    for (var path :
        new String[] {
          "/metrics",
          "/llm/services",
          "/api/keys",
          "/new",
          "/v1",
          "/web",
          "/healthy",
          "/api/settings/llmx"
        }) {
      assertThat(Entrance.of(path)).as(path).isEqualTo(Entrance.ADMIN);
    }
    assertThat(Entrance.of("/v1/chat/completions")).isEqualTo(Entrance.CLIENT);
    assertThat(Entrance.of("/proxy/llm/v1/models")).isEqualTo(Entrance.CLIENT);
    assertThat(Entrance.of("/api/me")).isEqualTo(Entrance.CLIENT);
    assertThat(Entrance.of("/health/live")).isEqualTo(Entrance.OPEN);
  }

  private static boolean required(String host, String setting) throws IOException {
    var settings = Map.of("caravan.server.host", host, "caravan.access.required", setting);
    var configuration = Configuration.load(null, Map.of(), settings);
    try (var database = new Database(new DatabaseUrl("jdbc:h2:mem:x", null, null));
        var access = Access.of(configuration, database, Clock.systemUTC())) {
      return access.isRequired();
    }
  }
}
