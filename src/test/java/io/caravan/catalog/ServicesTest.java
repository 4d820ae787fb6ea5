package io.caravan.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.settings.Configuration;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServicesTest {

  @Test
  void leavesOutWhatWouldBeCaravanItself() throws IOException {
    assertThat(services(Map.of()).get("localai")).isNull();
    assertThat(services(Map.of()).get("llama-server")).isNull();
    assertThat(services(Map.of("caravan.server.port", "8081")).get("localai")).isNotNull();
    var elsewhere = Map.of("caravan.service.localai.urls", "http://127.0.0.1:8090/v1/");
    assertThat(services(elsewhere).get("localai").urls()).containsExactly("http://127.0.0.1:8090");
  }

  @Test
  void oneThatIsConfiguredWronglyDoesNotHinderTheOthers() throws IOException {
    var services =
        services(
            Map.of(
                "caravan.service.a.provider", "nope",
                "caravan.service.b.provider", "mock",
                "caravan.service.c.provider", "../mock",
                "caravan.service.d.urls", "http://h",
                "caravan.service.e.provider", "vllm",
                "caravan.service.e.urls", "ftp://h",
                "caravan.service.f.provider", "vllm",
                "caravan.service.f.long-timeout-sec", "0",
                "caravan.service.g.provider", "vllm",
                "caravan.service.g.enabled", "false"));
    assertThat(services.all()).extracting(Service::name).contains("b", "ollama");
    for (var name : List.of("a", "c", "d", "e", "f", "g")) {
      assertThat(services.get(name)).as(name).isNull();
    }
  }

  @Test
  void urlsAreTakenApart() {
    assertThat(BaseUrl.of("http://my_box:8000/api/"))
        .isEqualTo(new BaseUrl(false, "my_box", 8000, "/api"));
    assertThat(BaseUrl.of("https://h.example")).isEqualTo(new BaseUrl(true, "h.example", 443, ""));
    assertThat(BaseUrl.of("http://[::1]:1")).isEqualTo(new BaseUrl(false, "::1", 1, ""));
    for (var wrong :
        List.of(
            "h:1",
            "ftp://h",
            "http://",
            "http://h?x=1",
            "http://h:p",
            "http://h:65536",
            "http://h:0")) {
      assertThatThrownBy(() -> BaseUrl.of(wrong)).as(wrong).hasMessageContaining(wrong);
    }
    assertThatThrownBy(() -> BaseUrl.of("http://u:secret@h"))
        .hasMessageContaining("password")
        .message()
        .doesNotContain("secret");
  }

  @Test
  void aKeyMayComeFromTheEnvironment() throws IOException {
    assertThat(services(Map.of()).get("openai").obstacle()).contains("API key");
    var configuration = Configuration.load(null, Map.of(), Map.of());
    var environment = Map.of("OPENAI_API_KEY", " k ");
    var services = Services.from(configuration, new Providers(List.of()), environment);
    assertThat(services.get("openai").apiKey()).isEqualTo("k");
    assertThat(services.get("openai").obstacle()).isNull();
    assertThat(services.get("openai").toString()).doesNotContain("k,");
  }

  @Test
  void theFileMayNameAnyVariableButCaravansOwn() throws IOException {
    var own = "CARAVAN_ACCESS_ADMIN_TOKEN";
    var settings =
        Map.of(
            "caravan.service.x.provider", "openai",
            "caravan.service.x.urls", "http://h",
            "caravan.service.x.api-key-env-var", "WORD",
            "caravan.service.y.provider", "openai",
            "caravan.service.y.api-key-env-var", own,
            "caravan.service.z.provider", "openai",
            "caravan.service.z.urls", "http://h");
    var environment = Map.of("WORD", "w", own, "secret", "OPENAI_API_KEY", "k");
    var configuration = Configuration.load(null, Map.of(), settings);
    var found = ConfiguredServices.read(configuration, new Providers(List.of()), environment);
    var services = new Services(found.services());
    assertThat(services.get("x").apiKey()).isEqualTo("w");
    assertThat(services.get("z").apiKey()).isEqualTo("k");
    assertThat(found.problems().get("y")).contains("y.api-key-env-var", "Caravan's own");
  }

  @Test
  void aServiceHasItsOwnLimitsAndProperties() throws IOException {
    var service =
        services(
                Map.of(
                    "caravan.service.x.provider", "anthropic",
                    "caravan.service.x.api-version", "2024-01-01",
                    "caravan.service.x.idle-timeout-sec", "0.5"))
            .get("x");
    assertThat(service.limits().idle()).isEqualTo(Duration.ofMillis(500));
    assertThat(service.limits().connect()).isEqualTo(Duration.ofSeconds(2));
    assertThat(service.endpoint())
        .isEqualTo("kamelet:anthropic-sink/service-x?apiVersion=RAW(2024-01-01)");
  }

  private static Services services(Map<String, String> settings) throws IOException {
    var configuration = Configuration.load(null, Map.of(), settings);
    return Services.from(configuration, new Providers(List.of()), Map.of());
  }
}
