package io.caravan.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * What is known of each service's models, in memory. The data plane reads it, discovery writes it;
 * a list once learned is kept while its service is away.
 */
public final class Catalog {

  /** A list this young is not asked for again, however many unknown names are tried. */
  private static final Duration FRESH = Duration.ofSeconds(2);

  private final Services services;
  private final Clock clock;
  private final Map<String, Knowledge> known = new ConcurrentHashMap<>();
  private final Map<String, CompletableFuture<Void>> underway = new ConcurrentHashMap<>();
  private final Map<String, CompletableFuture<Void>> first = new ConcurrentHashMap<>();

  /**
   * What discovery found out about a service.
   *
   * @param models OpenAI model objects as the service named them, null if it never answered
   * @param problem why it did not answer the last time, null if it did
   */
  public record Knowledge(List<ObjectNode> models, String problem, Instant at) {}

  public Catalog(Services services, Clock clock) {
    this.services = services;
    this.clock = clock;
    services.all().stream()
        .filter(Catalog::isDiscoverable)
        .forEach(service -> first.put(service.name(), new CompletableFuture<>()));
  }

  public Services services() {
    return services;
  }

  /** The services whose list is worth asking for in a regular round. Marks them as being asked. */
  public List<Service> due() {
    return begin(services.all());
  }

  /** Of those, the ones that answered the last time: asking them again costs a client no wait. */
  public List<Service> dueAndResponsive() {
    return begin(
        services.all().stream()
            .filter(service -> known.get(service.name()) == null || problem(service) == null)
            .toList());
  }

  private List<Service> begin(Iterable<Service> candidates) {
    var due = new ArrayList<Service>();
    for (var service : candidates) {
      if (!isDiscoverable(service) || isFresh(service)) continue;
      if (underway.putIfAbsent(service.name(), new CompletableFuture<>()) == null) due.add(service);
    }
    return due;
  }

  /** Notes the list that a service gave. */
  public void learned(Service service, JsonNode models) {
    var list = new ArrayList<ObjectNode>();
    models.forEach(
        model -> {
          if (model instanceof ObjectNode object) list.add(object);
        });
    known.put(service.name(), new Knowledge(List.copyOf(list), null, clock.instant()));
    settle(service);
  }

  /** Notes that a service did not answer; its last list stays. */
  public void failed(Service service, String problem) {
    known.put(service.name(), new Knowledge(models(service), problem, clock.instant()));
    settle(service);
  }

  /** The models of a service, or null if its list is not known. */
  public List<ObjectNode> models(Service service) {
    var knowledge = known.get(service.name());
    return knowledge == null ? null : knowledge.models();
  }

  /** Why a service cannot be used now as far as is known, or null. */
  public String problem(Service service) {
    if (service.obstacle() != null) return service.obstacle();
    var knowledge = known.get(service.name());
    return knowledge == null ? null : knowledge.problem();
  }

  /** All models of all services that can be used, by service, in configured order. */
  public Map<Service, List<ObjectNode>> all() {
    var all = new LinkedHashMap<Service, List<ObjectNode>>();
    for (var service : services.all()) {
      var models = models(service);
      if (models != null && service.obstacle() == null) all.put(service, usable(models));
    }
    return all;
  }

  /** A service may know models that it cannot use; only who asks for one by name hears why. */
  private static List<ObjectNode> usable(List<ObjectNode> models) {
    boolean all = models.stream().allMatch(model -> model.path("usable").asBoolean(true));
    return all
        ? models
        : models.stream().filter(model -> model.path("usable").asBoolean(true)).toList();
  }

  /** Completes when no service is being asked any more; the askers have their own time limits. */
  public CompletionStage<Void> settled() {
    return CompletableFuture.allOf(underway.values().toArray(CompletableFuture[]::new));
  }

  /** Completes when every service was asked once, or after the given time. */
  public CompletionStage<Void> firstRound(Duration atMost) {
    return CompletableFuture.allOf(first.values().toArray(CompletableFuture[]::new))
        .completeOnTimeout(null, atMost.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void settle(Service service) {
    var asked = underway.remove(service.name());
    if (asked != null) asked.complete(null);
    var firstTime = first.get(service.name());
    if (firstTime != null) firstTime.complete(null);
  }

  private boolean isFresh(Service service) {
    var knowledge = known.get(service.name());
    return knowledge != null && knowledge.at().plus(FRESH).isAfter(clock.instant());
  }

  private static boolean isDiscoverable(Service service) {
    return service.discovery() && service.obstacle() == null;
  }
}
