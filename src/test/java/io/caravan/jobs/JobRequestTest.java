package io.caravan.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.catalog.ConfiguredServices;
import io.caravan.catalog.Providers;
import io.caravan.catalog.Service;
import io.caravan.json.Json;
import io.caravan.settings.Configuration;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JobRequestTest {

  @Test
  void toOllamaANameWithoutATagIsTheLatest() throws IOException {
    var ollama = service("ollama");
    assertThat(key("idem", ollama)).isEqualTo(key("idem:latest", ollama));
    assertThat(key("h:1/o/m", ollama)).isEqualTo(key("h:1/o/m:latest", ollama));
    assertThat(key("idem", ollama)).isNotEqualTo(key("idem:1b", ollama));
    var cortex = service("cortex");
    assertThat(key("idem", cortex)).isNotEqualTo(key("idem:latest", cortex));
  }

  private static String key(String model, Service service) {
    return new JobRequest("install", Json.object().put("model_name", model)).key(service);
  }

  private static Service service(String provider) throws IOException {
    var settings = Map.of("caravan.service.x.provider", provider);
    var configuration = Configuration.load(null, Map.of(), settings);
    return ConfiguredServices.read(configuration, new Providers(List.of()), Map.of())
        .services()
        .stream()
        .filter(each -> each.name().equals("x"))
        .findFirst()
        .orElseThrow();
  }
}
