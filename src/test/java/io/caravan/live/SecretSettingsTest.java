package io.caravan.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SecretSettingsTest {

  @Test
  void secretsAreReferredTo() {
    for (var key :
        new String[] {"caravan.service.x.api-key", "caravan.access.admin-token", "a.password"}) {
      assertThat(SecretSettings.referred(key, "s3cret")).isEqualTo("${" + key + "}");
    }
    assertThat(SecretSettings.referred("caravan.service.x.api-key-env-var", "X")).isEqualTo("X");
    assertThat(SecretSettings.referred("caravan.max-tokens", " 7 ")).isEqualTo("7");
    for (var url :
        new String[] {
          "postgresql://me:s3cret@h/db",
          "jdbc:postgresql://h/db?user=me&password=s3cret",
          "jdbc:h2:mem:x;PASSWORD=s3cret"
        }) {
      assertThat(SecretSettings.referred("caravan.database.url", url)).doesNotContain("s3cret");
    }
  }

  @Test
  void aMaskOrAReferenceChangesNothing() {
    var settings = new LinkedHashMap<>(Map.of("tenant-token", "tok-12345678", "urls", "http://a"));
    SecretSettings.merge(Map.of("tenant-token", "tok…8", "urls", "http://b"), settings);
    SecretSettings.merge(Map.of("tenant-token", "${caravan.service.x.tenant-token}"), settings);
    assertThat(settings)
        .containsEntry("tenant-token", "tok-12345678")
        .containsEntry("urls", "http://b");
    var away = new LinkedHashMap<String, String>();
    away.put("urls", null);
    away.put("tenant-token", "tok-new-value");
    SecretSettings.merge(away, settings);
    assertThat(settings).containsOnly(Map.entry("tenant-token", "tok-new-value"));
  }
}
