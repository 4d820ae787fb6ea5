package io.caravan.inbound;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.catalog.Provider;
import io.caravan.catalog.RegistryEntry;
import io.caravan.catalog.RegistryTable;
import io.caravan.catalog.Service;
import io.caravan.catalog.TimeLimits;
import io.caravan.errors.GatewayException;
import io.caravan.json.Json;
import io.caravan.routing.Target;
import io.caravan.settings.Configuration;
import io.caravan.store.Database;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models that can be had: {@code GET /llm/registry/models}. What a registry answers is kept in
 * the database, and is the answer while the registry cannot be reached.
 */
public final class RegistryModels {

  private static final Logger LOG = LoggerFactory.getLogger(RegistryModels.class);
  private static final Duration LIMIT = Duration.ofSeconds(10);

  /** Where there is an answer to be had in its place. */
  private static final Duration SHORT = Duration.ofSeconds(2);

  private final Map<String, Service> registries;
  private final Database database;
  private final Clock clock;
  private final Executor worker;

  /**
   * @param plain the provider as whose services the registries are called
   * @param worker writes to the database and reads from it
   */
  public RegistryModels(
      Configuration configuration,
      Provider plain,
      Database database,
      Clock clock,
      Executor worker) {
    registries =
        Stream.of("huggingface", "ollama", "cortex")
            .collect(Collectors.toMap(name -> name, name -> registry(name, configuration, plain)));
    this.database = database;
    this.clock = clock;
    this.worker = worker;
  }

  private static Service registry(String name, Configuration configuration, Provider plain) {
    var url = configuration.get("caravan.registry." + name + "-url");
    var limits = limits(Duration.ofSeconds(3), LIMIT);
    var urls = url == null ? List.<String>of() : List.of(url.replaceFirst("/+$", ""));
    return Service.of(name + " registry", plain, urls, null, Map.of(), limits, true, false);
  }

  /**
   * Reads what is wanted and turns the exchange to the registry: variables {@code search}, {@code
   * target} and {@code endpoint}. A registry that has answered before is not waited for as long.
   */
  public CompletionStage<Void> prepare(Exchange exchange) {
    var search = RegistrySearch.of(exchange.getMessage());
    exchange.setVariable("search", search);
    exchange.setVariable("endpoint", search.endpoint());
    var registry = registries.get(search.registry());
    var sooner = registry.within(limits(SHORT, SHORT));
    exchange.getMessage().removeHeaders("*");
    exchange.getMessage().setBody(null);
    return CompletableFuture.supplyAsync(() -> isKept(search), worker)
        .thenAccept(
            kept ->
                exchange.setVariable(Target.VARIABLE, Target.of(kept ? sooner : registry, null)));
  }

  private static TimeLimits limits(Duration connect, Duration limit) {
    return new TimeLimits(connect, limit, limit, limit, limit);
  }

  private boolean isKept(RegistrySearch search) {
    if (!database.isOpen()) return false;
    try {
      var table = new RegistryTable(database.dataSource());
      return !table.find(search.registry(), search.text()).models().isEmpty();
    } catch (SQLException | RuntimeException e) {
      return false; // said if it is asked for
    }
  }

  /** Body for what the registry has answered, which is kept as well. */
  public CompletionStage<byte[]> answered(Exchange exchange) {
    var search = exchange.getVariable("search", RegistrySearch.class);
    var url = exchange.getVariable(Target.VARIABLE, Target.class).url();
    var told = exchange.getMessage().getBody(JsonNode.class);
    var list = told == null || told.isArray() ? told : told.path("models");
    if (list == null || !list.isArray()) throw new GatewayException.BadAnswer("no list of models");
    var models = new ArrayList<ObjectNode>();
    for (var each : list) models.add(RegistryEntry.of(search.registry(), each, url));
    models.removeIf(model -> model.path("model_id").asText().isEmpty());
    return CompletableFuture.supplyAsync(
        () -> {
          keep(models);
          return body(search, models.stream().filter(search::wants).toList(), null);
        },
        worker);
  }

  private void keep(List<ObjectNode> models) {
    if (!database.isOpen()) return;
    try {
      new RegistryTable(database.dataSource()).keep(models, clock.instant());
    } catch (SQLException | RuntimeException e) {
      LOG.warn("What a registry told is not kept: {}", e.getMessage());
    }
  }

  /** Body from what was kept, for a registry that does not answer; else its failure stands. */
  public CompletionStage<byte[]> kept(Exchange exchange) {
    var search = exchange.getVariable("search", RegistrySearch.class);
    var failure = exchange.getVariable("failure", RuntimeException.class);
    return CompletableFuture.supplyAsync(() -> kept(search, failure), worker);
  }

  private byte[] kept(RegistrySearch search, RuntimeException failure) {
    if (!database.isOpen()) throw nothing(failure);
    try {
      var kept = new RegistryTable(database.dataSource()).find(search.registry(), search.text());
      if (kept.models().isEmpty()) throw nothing(failure);
      return body(search, kept.models(), kept.oldest());
    } catch (SQLException e) {
      LOG.warn("What a registry told before cannot be read: {}", e.getMessage());
      throw failure;
    }
  }

  private static RuntimeException nothing(RuntimeException failure) {
    var message = failure.getMessage() + " Nothing is kept from before that matches this search.";
    if (failure instanceof GatewayException.Unreachable)
      return new GatewayException.Unreachable(message);
    if (failure instanceof GatewayException.TimedOut) return new GatewayException.TimedOut(message);
    return failure; // in the registry's own words
  }

  private byte[] body(RegistrySearch search, List<ObjectNode> models, Instant since) {
    var out = Json.object().put("object", "list");
    var data = out.putArray("data");
    models.stream().sorted(search.order()).limit(search.limit()).forEach(data::add);
    out.put("total", models.size()).put("registry", search.registry());
    out.put("cached", since != null);
    if (since != null) {
      out.put("fetched_at", since.toString());
      out.put("age_sec", Duration.between(since, clock.instant()).toSeconds());
    }
    return Json.bytes(out);
  }
}
