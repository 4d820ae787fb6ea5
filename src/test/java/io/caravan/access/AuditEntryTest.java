package io.caravan.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class AuditEntryTest {

  @Test
  void aTestIsNoChange() {
    assertThat(Audit.concerns("/api/settings/llm/test", "POST")).isFalse();
    assertThat(Audit.concerns("/api/settings/llm", "POST")).isTrue();
    assertThat(Audit.concerns("/api/settings/llm/import", "POST")).isTrue();
    assertThat(Audit.concerns("/llm/services/{service}", "PUT,DELETE")).isTrue();
    assertThat(Audit.concerns("/api/keys", "GET")).isFalse();
  }

  @Test
  void tellsWhatItWasAboutAndNoSecret() {
    var told =
        details("{\"name\":\"gpu\",\"api_key\":\"sk-secret\",\"model\":{\"x\":\"sk-secret\"}}");
    assertThat(told).isEqualTo("{\"fields\":[\"name\",\"api_key\",\"model\"],\"name\":\"gpu\"}");
    assertThat(details("")).isNull();
    assertThat(details("[\"sk-secret\"]")).isNull();
    assertThat(details("sk-secret")).isNull();
    assertThat(details("{\"a\":\"" + "x".repeat(70_000) + "\"}")).isEqualTo("{\"bytes\":70008}");
    assertThat(details("{\"name\":\"" + "x".repeat(7000) + "\"}")).hasSizeLessThan(300);
  }

  @Test
  void namesWhatACallTurnedOutToBeAbout() {
    var told = AuditEntry.with(details("{\"type\":\"load\"}"), "model", "m".repeat(7000));
    assertThat(told).contains("\"type\":\"load\"", "\"model\":\"mm").hasSizeLessThan(300);
    assertThat(AuditEntry.with(null, "service", "s")).isEqualTo("{\"service\":\"s\"}");
  }

  private static String details(String body) {
    return AuditEntry.details(body.getBytes(StandardCharsets.UTF_8));
  }
}
