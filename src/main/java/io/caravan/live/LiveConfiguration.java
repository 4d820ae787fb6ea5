package io.caravan.live;

import io.caravan.catalog.ConfiguredServices;
import io.caravan.catalog.Providers;
import io.caravan.catalog.Service;
import io.caravan.routing.Names;
import io.caravan.settings.Configuration;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The settings that count now, and the one place where others take their place: first everything
 * that could fail is tried, then all of it changes, while calls go on with what they began with.
 * One change at a time; it may block.
 */
public final class LiveConfiguration {

  private static final Logger LOG = LoggerFactory.getLogger(LiveConfiguration.class);

  private final LiveParts parts;
  private final Providers providers;
  private final Map<String, String> environment;
  private final UnaryOperator<Configuration> address;
  private final Clock clock;
  private volatile Layers layers;
  private volatile Configuration now;
  private volatile Map<String, String> problems;
  private List<String> unknown;
  private List<String> astray = List.of();
  private Instances instances;

  /** What would count, when nothing can fail any more. */
  private record Ready(
      Layers layers,
      Configuration configuration,
      Names names,
      List<Service> services,
      ConfiguredServices found) {}

  /**
   * @param users settings as they are read from their sources
   * @param found the services that they name
   * @param address puts the address into them at which Caravan really listens
   */
  public LiveConfiguration(
      LiveParts parts,
      Providers providers,
      Configuration users,
      ConfiguredServices found,
      Map<String, String> environment,
      UnaryOperator<Configuration> address,
      Clock clock) {
    this.parts = parts;
    this.providers = providers;
    this.environment = environment;
    this.address = address;
    this.clock = clock;
    layers = new Layers(users, Map.of(), Map.of());
    now = layers.effective(address);
    problems = Map.copyOf(found.problems());
    unknown = found.unknown();
  }

  /** To be called when Camel has started: from now on services can come and go. */
  void start(CamelContext context) {
    instances = new Instances(context, clock);
  }

  /** The settings that count now. */
  public Configuration configuration() {
    return now;
  }

  Layers layers() {
    return layers;
  }

  /** Why services that are configured cannot be used, by their names. */
  Map<String, String> problems() {
    return problems;
  }

  LiveParts parts() {
    return parts;
  }

  /**
   * Makes other settings count.
   *
   * @param isFatal whether a problem of a service, by its name, is a reason to refuse all of it
   * @param before what has to succeed before they count, such as storing them
   * @throws IllegalArgumentException saying what is wrong; then nothing has changed
   */
  synchronized void change(Layers next, BiPredicate<String, String> isFatal, Runnable before) {
    var made = new ArrayList<Service>();
    try {
      var ready = ready(next, isFatal, made);
      before.run();
      take(ready);
    } catch (RuntimeException e) {
      instances.retire(made, parts.catalog().services().all());
      throw e;
    }
  }

  /**
   * Looks whether the general settings of some layers make sense.
   *
   * @throws IllegalArgumentException naming the key of one that does not
   */
  void check(Layers next) {
    LiveParts.check(next.effective(address));
  }

  /** The same settings once more, with the versions of Kamelets that count now. */
  synchronized void renew(BiPredicate<String, String> isFatal) {
    change(layers, isFatal, () -> {});
  }

  /** A problem that was there before hinders nobody. */
  boolean isNew(String service, String problem) {
    return !problem.equals(problems.get(service));
  }

  /** Whether the service is in use, so that it must not be lost. */
  boolean isInUse(String service) {
    return parts.catalog().services().get(service) != null;
  }

  /** Whether services are of this provider. */
  boolean uses(String provider) {
    return parts.catalog().services().all().stream()
        .anyMatch(service -> service.provider().name().equals(provider));
  }

  private Ready ready(Layers next, BiPredicate<String, String> isFatal, Collection<Service> made) {
    var configuration = next.effective(address);
    var names = LiveParts.check(configuration);
    var found = ConfiguredServices.read(configuration, providers, environment);
    found.problems().forEach((name, problem) -> refuse(isFatal.test(name, problem), problem));
    for (var wanted : found.services()) {
      try {
        made.add(instances.of(wanted, parts.catalog().services().get(wanted.name())));
      } catch (IllegalArgumentException e) {
        refuse(isFatal.test(wanted.name(), e.getMessage()), e.getMessage());
        found.problems().put(wanted.name(), e.getMessage());
      }
    }
    return new Ready(next, configuration, names, List.copyOf(made), found);
  }

  private static void refuse(boolean isFatal, String problem) {
    if (isFatal) throw new IllegalArgumentException(problem);
  }

  private void take(Ready ready) {
    var before = List.copyOf(parts.catalog().services().all());
    parts.take(ready.configuration, ready.names, ready.services);
    layers = ready.layers;
    now = ready.configuration;
    problems = Map.copyOf(ready.found.problems());
    ready.found.warn(unknown);
    unknown = ready.found.unknown();
    tellOfAliases();
    instances.retire(before, ready.services);
  }

  /** Says in the log which aliases lead nowhere, once all services are known. */
  synchronized void tellOfAliases() {
    var services = parts.catalog().services().all().stream().map(Service::name).toList();
    var now = Names.of(this.now).aliases().astray(services);
    for (var each : now) if (!astray.contains(each)) LOG.warn(each);
    astray = now;
  }

  /** Removes what no call needs any more. */
  synchronized void sweep() {
    instances.sweep();
  }
}
