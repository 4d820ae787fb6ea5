package io.caravan.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.settings.Configuration;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OriginsTest {

  private final Origins local = new Origins(Set.of("caravan.lan"), Set.of("https://chat.test"));

  @Test
  void knowsItselfByItsNamesOnly() {
    for (var host :
        new String[] {
          "localhost",
          "LOCALHOST:8080",
          "127.0.0.1:8080",
          "127.1.2.3",
          "[::1]:80",
          "x.localhost",
          "Caravan.LAN:1"
        }) {
      assertThat(local.knows(host)).as(host).isTrue();
    }
    for (var host :
        new String[] {
          "evil.test",
          "127.0.0.1.evil.test",
          "localhost.evil.test:8080",
          "",
          "[::2]",
          "127.0.0.1@evil",
          "10.0.0.1"
        }) {
      assertThat(local.knows(host)).as(host).isFalse();
    }
    assertThat(local.knows(null)).as("no browser").isTrue();
    assertThat(new Origins(null, Set.of()).knows("any.test")).isTrue();
  }

  @Test
  void tellsForeignPagesFromItsOwn() {
    assertThat(local.isForeign("POST", "http://evil.test", "127.0.0.1:8080")).isTrue();
    assertThat(local.isForeign("DELETE", "null", "127.0.0.1:8080")).isTrue();
    assertThat(local.isForeign("POST", "http://127.0.0.1:9090", "127.0.0.1:8080")).isTrue();
    assertThat(local.isForeign("POST", "http://127.0.0.1:8080", "127.0.0.1:8080")).isFalse();
    assertThat(local.isForeign("PUT", "https://caravan.lan", "caravan.lan:443")).isFalse();
    assertThat(local.isForeign("POST", "https://chat.test", "127.0.0.1:8080")).isFalse();
    assertThat(local.isForeign("GET", "http://evil.test", "127.0.0.1:8080")).isFalse();
    assertThat(local.isForeign("POST", null, "127.0.0.1:8080")).isFalse();
  }

  @Test
  void letsOnlyNamedPagesRead() {
    assertThat(local.mayRead("https://CHAT.test")).isTrue();
    assertThat(local.mayRead("https://chat.test.evil")).isFalse();
    assertThat(new Origins(null, Set.of()).mayRead("https://chat.test")).isFalse();
    assertThat(new Origins(null, Set.of("*")).mayRead("https://any.test")).isTrue();
  }

  @Test
  void opensToAllPagesOnlyBehindKeys() throws IOException {
    var all = Configuration.load(null, Map.of(), Map.of("caravan.cors.origins", "*"));
    assertThat(Origins.of(all, false, true).mayRead("https://any.test")).isTrue();
    assertThatThrownBy(() -> Origins.of(all, true, false))
        .hasMessageContaining("caravan.cors.origins");
  }
}
