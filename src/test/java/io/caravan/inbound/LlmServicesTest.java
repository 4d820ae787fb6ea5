package io.caravan.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.catalog.Catalog;
import io.caravan.catalog.Services;
import io.caravan.errors.GatewayException;
import io.caravan.json.Json;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;

class LlmServicesTest {

  /** One service, which is switched off. */
  private static final class Off implements ServiceOrigins {
    @Override
    public void tell(String service, ObjectNode to) {}

    @Override
    public void tellSettings(String service, ObjectNode to) {
      to.putObject("settings").put("enabled", false);
    }

    @Override
    public void tellOthers(ArrayNode to) {
      to.addObject().put("name", "off").put("status", "disabled").put("version", 3);
    }

    @Override
    public ArrayNode refused() {
      return Json.array();
    }
  }

  private final Catalog catalog =
      new Catalog(new Services(List.of()), Clock.systemUTC(), Duration.ofSeconds(30));
  private final LlmServices services = new LlmServices(catalog, new Off());

  private CompletableFuture<Void> find(Exchange exchange, String path) {
    var found = services.find(exchange, "/llm/services/" + path).toCompletableFuture();
    catalog.rounds().complete(); // who asks for what is not known waits for this
    return found;
  }

  @Test
  void tellsOfAServiceThatIsSwitchedOff() throws Exception {
    var exchange = new DefaultExchange(new DefaultCamelContext());
    find(exchange, "off").join();
    assertThat(services.isDescribed(null)).isFalse();
    var told = Json.read(services.one(null, exchange.getVariable("name", String.class), ""));
    assertThat(told.path("status").asText()).isEqualTo("disabled");
    assertThat(told.path("version").asInt()).isEqualTo(3);
    assertThat(told.at("/settings/enabled").isBoolean()).isTrue();
  }

  @Test
  void refusesAllElse() {
    var exchange = new DefaultExchange(new DefaultCamelContext());
    for (var path : List.of("none", "off/ping", "off/models/m")) {
      assertThat(find(exchange, path))
          .failsWithin(Duration.ofSeconds(1))
          .withThrowableThat()
          .withCauseInstanceOf(GatewayException.NotFound.class);
    }
  }
}
