package io.caravan.live;

import io.caravan.catalog.Service;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Kamelet instances that speak for services. Each change makes another one, which is there
 * before the first call; the one before it goes when no call can need it any more.
 */
final class Instances {

  private static final Logger LOG = LoggerFactory.getLogger(Instances.class);

  /** How long a call may wait for its turn, its retries and other targets before it comes here. */
  static final Duration GRACE = Duration.ofMinutes(10);

  private final CamelContext context;
  private final Clock clock;
  private final Map<String, Instant> retired = new HashMap<>();
  private int count;

  Instances(CamelContext context, Clock clock) {
    this.context = context;
    this.clock = clock;
  }

  /**
   * The service with an instance that is running.
   *
   * @param now the same service as it was, null if it is new
   * @throws IllegalArgumentException saying what of its Kamelet cannot be run
   */
  Service of(Service wanted, Service now) {
    boolean same =
        now != null
            && now.provider() == wanted.provider()
            && now.properties().equals(wanted.properties());
    var service = same ? wanted.at(now.endpoint()) : wanted.instance("." + ++count);
    if (service.obstacle() == null) run(service.endpoint());
    return service;
  }

  private void run(String endpoint) {
    try {
      context.getEndpoint(endpoint);
    } catch (RuntimeException e) {
      remove(endpoint);
      throw new IllegalArgumentException(Reasons.of(e), e);
    }
  }

  /** Those of {@code before} that are not among {@code after} go, in time. */
  void retire(Collection<Service> before, Collection<Service> after) {
    Set<String> needed = after.stream().map(Service::endpoint).collect(Collectors.toSet());
    for (var service : before) {
      if (!needed.contains(service.endpoint())) retired.put(service.endpoint(), clock.instant());
    }
    retired.keySet().removeAll(needed);
  }

  /** Removes those whose time is over and in which no call is; to be called every now and then. */
  void sweep() {
    var latest = clock.instant().minus(GRACE);
    retired
        .entrySet()
        .removeIf(
            each -> {
              boolean idle = context.getInflightRepository().size(route(each.getKey())) == 0;
              boolean goes = idle && each.getValue().isBefore(latest);
              if (goes) remove(each.getKey());
              return goes;
            });
  }

  private void remove(String endpoint) {
    var route = route(endpoint);
    try {
      if (context.getRoute(route) == null) return;
      context.getRouteController().stopRoute(route, 1, TimeUnit.SECONDS);
      context.removeRoute(route);
      context.removeEndpoints(endpoint);
    } catch (Exception e) {
      LOG.warn("The former Kamelet instance {} stays: {}", route, e.getMessage());
    }
  }

  /** The instance's name is its route's id. */
  private static String route(String endpoint) {
    return endpoint.replaceFirst("^[^/]*/", "").replaceFirst("\\?.*$", "");
  }
}
