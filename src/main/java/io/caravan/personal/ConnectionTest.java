package io.caravan.personal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.caravan.catalog.Provider;
import io.caravan.catalog.Service;
import io.caravan.errors.GatewayException;
import io.caravan.json.Json;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;

/** What routes/settings/test-backend does around the question to the service. */
public final class ConnectionTest {

  /** Exchange variable: what was answered at which path, as discovery.Identity notes it. */
  private static final String ANSWERS = "answers";

  /** For a look at all paths together; a server may hang on those that it does not know. */
  private static final Duration LOOK = Duration.ofSeconds(2);

  private final Choices choices;
  private final Clock clock;

  ConnectionTest(Choices choices, Clock clock) {
    this.choices = choices;
    this.clock = clock;
  }

  /**
   * Checks what the service has brought.
   *
   * @throws GatewayException.BadAnswer if it is no list of models
   */
  public static void expectModels(Exchange exchange) {
    var models = exchange.getMessage().getBody(JsonNode.class);
    if (models == null || !models.isArray())
      throw new GatewayException.BadAnswer("no list of models");
  }

  /** The service has answered: variable {@code outcome}. */
  public void connected(Exchange exchange) {
    var models = (ArrayNode) exchange.getMessage().getBody();
    exchange.setVariable(Outcome.VARIABLE, outcome(exchange, models, null));
  }

  /** It has not: variable {@code outcome} with what can be done about it. */
  public void failed(Exchange exchange) {
    var cause = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
    while (cause instanceof CompletionException) cause = cause.getCause();
    var error = Advice.on(cause, service(exchange));
    exchange.setVariable(Outcome.VARIABLE, outcome(exchange, Json.array(), error));
    exchange.setVariable("strange", Advice.isStrange(cause));
  }

  /** Where to look to find out who it is that answers so strangely. */
  public List<String> paths(Exchange exchange) {
    exchange.setVariable(ANSWERS, new HashMap<String, String>());
    exchange.setVariable("lookUntil", clock.instant().plus(LOOK));
    var paths = new TreeSet<String>();
    for (var each : choices.backends().providers()) paths.addAll(clues(each));
    return List.copyOf(paths);
  }

  /** Whether there is time for one more path. */
  public boolean hasTime(@Variable("lookUntil") Instant until) {
    return clock.instant().isBefore(until);
  }

  private static Set<String> clues(Provider provider) {
    return provider.listing().fingerprint().paths();
  }

  /** Adds to the outcome who it is, if that can be told. */
  @SuppressWarnings("unchecked")
  public void recognised(Exchange exchange) {
    var answers = (Map<String, String>) exchange.getVariable(ANSWERS, Map.class);
    var chosen = service(exchange).provider();
    for (var each : choices.backends().providers()) {
      boolean other = !each.name().equals(chosen.name());
      if (!other || !each.listing().fingerprint().fits(answers)) continue;
      var told = exchange.getVariable(Outcome.VARIABLE, Outcome.class);
      var error =
          "%s It looks like %s there: choose the backend type '%s'."
              .formatted(told.error(), each.title(), each.name());
      exchange.setVariable(Outcome.VARIABLE, told.saying(error));
      return;
    }
  }

  private Outcome outcome(Exchange exchange, ArrayNode models, String error) {
    var asked = exchange.getVariable("asked", Long.class);
    long took = asked == null ? 0 : System.nanoTime() - asked;
    var latency = Duration.ofNanos(took).toMillis();
    return new Outcome(service(exchange), clock.instant(), models, error, latency);
  }

  private static Service service(Exchange exchange) {
    return exchange.getVariable("service", Service.class);
  }
}
