package io.caravan.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * What is known of each service and its models, in memory. The data plane reads it, discovery
 * writes it; a list once learned is kept while its service is away, and over a restart.
 */
public final class Catalog {

  /** A list this young is not asked for again, however many unknown names are tried. */
  private static final Duration FRESH = Duration.ofSeconds(2);

  private final Services services;
  private final Clock clock;
  private final Duration interval;
  private final Rounds rounds;
  private final Map<String, Known> known = new ConcurrentHashMap<>();
  private final AtomicLong version = new AtomicLong();
  private volatile Consumer<Service> listener = service -> {};

  /**
   * @param interval how long a service that answers is left alone
   */
  public Catalog(Services services, Clock clock, Duration interval) {
    this.services = services;
    this.clock = clock;
    this.interval = interval;
    rounds = new Rounds(services.all().stream().filter(Catalog::isDiscoverable).toList());
  }

  public Services services() {
    return services;
  }

  /**
   * From now on these are the services. What is known of one stays as long as it is the same
   * provider at the same URL; one of which nothing is known is asked at once.
   */
  public void replace(Collection<Service> next) {
    var before = List.copyOf(services.all());
    services.replace(next);
    for (var old : before) {
      var now = services.get(old.name());
      if (old.equals(now)) continue;
      if (now != null && old.isAt(now) && now.discovery()) {
        known.computeIfPresent(old.name(), (name, all) -> all.with(all.health().due()));
        continue;
      }
      known.remove(old.name());
      rounds.over(old);
    }
    var after = List.copyOf(services.all());
    Stream.concat(before.stream(), after.stream())
        .filter(service -> !(before.contains(service) && after.contains(service)))
        .forEach(service -> listener.accept(service));
  }

  /** These services will be asked for the first time soon, as those from the start. */
  public void expect(Collection<Service> more) {
    rounds.expect(more.stream().filter(Catalog::isDiscoverable).toList());
  }

  /** Sets who is told of each service whose models have changed, on the thread that changes. */
  public void onChange(Consumer<Service> told) {
    listener = told;
  }

  /** A number that is another one after every change of a model or a service. */
  public long version() {
    return version.get() + services.version();
  }

  /** The services that are to be asked now. Marks them as being asked. */
  public List<Service> due() {
    var now = clock.instant();
    return begin(service -> !health(service).nextAt().isAfter(now));
  }

  /** The services that answered the last time: asking them again costs a client no wait. */
  public List<Service> dueAndResponsive() {
    return begin(service -> !Boolean.FALSE.equals(health(service).up()) && !isFresh(service));
  }

  private List<Service> begin(Predicate<Service> wanted) {
    return rounds.begin(
        services.all().stream().filter(Catalog::isDiscoverable).filter(wanted).toList());
  }

  /** A call to this service has failed: it is to be asked at once how it is. */
  public void suspect(Service service) {
    if (isFresh(service)) return;
    known.computeIfPresent(service.name(), (name, now) -> now.with(now.health().due()));
  }

  /** Notes the list that a service gave. */
  public void learned(Service service, JsonNode models) {
    learned(service, models, health(service).latency());
  }

  /** The same with the time that its answer took. */
  public void learned(Service service, JsonNode models, Duration took) {
    var now = clock.instant();
    change(service, old -> old.listed(service, models, old.health().answered(now, took, interval)));
    rounds.over(service);
  }

  /** Adds what a service told beside its list, as its dialect has put it. */
  public void detailed(Service service, Map<String, ObjectNode> byId, ObjectNode others) {
    change(service, old -> old.detailed(service, byId, others));
  }

  /** Adds what a service told of models that it was asked for one by one, by id. */
  public void shown(Service service, Map<String, ObjectNode> more) {
    change(service, old -> old.shown(service, more));
  }

  /**
   * Takes over what was kept of a service from before the start, unless it has answered since, or
   * is not asked for its models any more.
   */
  public void remember(Service service, List<ObjectNode> entries) {
    if (service.discovery()) change(service, old -> old.remembered(service, entries));
  }

  /** Notes that a service did not answer; its last list stays. */
  public void failed(Service service, String problem) {
    var now = clock.instant();
    change(service, old -> old.with(old.health().failed(now, problem, interval)));
    rounds.over(service);
  }

  /** Notes that another service is at this one's URL: what was thought its models are not. */
  public void mistaken(Service service, String problem) {
    var now = clock.instant();
    change(service, old -> Known.NOTHING.with(old.health().failed(now, problem, interval)));
    rounds.over(service);
  }

  private void change(Service service, UnaryOperator<Known> by) {
    var present = services.get(service.name());
    if (present == null || !service.isAt(present)) return; // what was asked is no longer there
    var before = new ModelListing[1];
    var after =
        known.compute(
            service.name(),
            (name, now) -> {
              var old = now == null ? Known.NOTHING : now;
              before[0] = old.listing();
              return by.apply(old);
            });
    if (after.listing() == before[0]) return;
    version.incrementAndGet();
    listener.accept(service);
  }

  /** The models of a service, or null if its list is not known. */
  public List<ObjectNode> models(Service service) {
    var listing = known(service).listing();
    return listing == null ? null : listing.entries();
  }

  /** The model of a service that has this id or other name, or null. */
  public ObjectNode model(Service service, String name) {
    var listing = known(service).listing();
    return listing == null ? null : listing.byName().get(name);
  }

  /** How a service is. */
  public Health health(Service service) {
    return known(service).health();
  }

  Known known(Service service) {
    return known.getOrDefault(service.name(), Known.NOTHING);
  }

  /** What a service told of its models one by one, by id. */
  public Map<String, ObjectNode> shown(Service service) {
    return known(service).details().shown();
  }

  /** Why a service cannot be used now as far as is known, or null. */
  public String problem(Service service) {
    if (service.obstacle() != null) return service.obstacle();
    var health = health(service);
    return Boolean.FALSE.equals(health.up()) ? health.lastError() : null;
  }

  /** All models of all services that can be used, by service, in configured order. */
  public Map<Service, List<ObjectNode>> all() {
    var all = new LinkedHashMap<Service, List<ObjectNode>>();
    for (var service : services.all()) {
      var listing = known(service).listing();
      if (listing != null && service.obstacle() == null) all.put(service, listing.usable());
    }
    return all;
  }

  /** Which services are being asked, for those who wait for it. */
  public Rounds rounds() {
    return rounds;
  }

  private boolean isFresh(Service service) {
    var checked = health(service).checkedAt();
    return checked != null && checked.plus(FRESH).isAfter(clock.instant());
  }

  private static boolean isDiscoverable(Service service) {
    return service.discovery() && service.obstacle() == null;
  }
}
