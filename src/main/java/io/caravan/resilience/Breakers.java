package io.caravan.resilience;

import io.caravan.routing.Target;
import io.caravan.settings.Configuration;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * A circuit breaker for each target. It opens when many of the latest attempts have failed, lets
 * one probe through after a while, and closes when that one succeeds.
 */
public final class Breakers {

  /** Names of models may be the clients' own where a service's list is not known. */
  private static final int MAX_TARGETS = 1000;

  private final Clock clock;
  private final Map<String, Breaker> breakers = new ConcurrentHashMap<>();
  private volatile BreakerSettings settings;

  /**
   * @throws IllegalArgumentException naming the key of a setting that makes no sense
   */
  public Breakers(Configuration configuration, Clock clock) {
    this.clock = clock;
    settings = BreakerSettings.of(configuration);
  }

  /**
   * From now on these settings count.
   *
   * @param isKept whether a service is as it was; what is known of others is forgotten
   */
  public void take(Configuration configuration, Predicate<String> isKept) {
    var next = BreakerSettings.of(configuration);
    boolean same = next.equals(settings);
    settings = next;
    if (same) breakers.keySet().removeIf(name -> !isKept.test(name.replaceFirst("~.*", "")));
    else breakers.clear();
  }

  /** The breaker of a target. */
  Breaker of(Target target) {
    var key = target.key();
    var known = breakers.get(key);
    if (known != null) return known;
    if (breakers.size() >= MAX_TARGETS) makeRoom();
    var name = breakers.size() < MAX_TARGETS ? key : target.service().name();
    return breakers.computeIfAbsent(name, this::create);
  }

  /**
   * Half of those that hold nothing back now: what knows nothing first, then the longest unused.
   * The others need no search soon.
   */
  private synchronized void makeRoom() {
    if (breakers.size() < MAX_TARGETS) return;
    var spare = new ArrayList<Candidate>();
    breakers.forEach(
        (name, breaker) -> {
          if (!breaker.isInUse())
            spare.add(new Candidate(name, breaker.knowsFailures(), breaker.lastUse()));
        });
    spare.sort(Comparator.comparing(Candidate::failing).thenComparing(Candidate::lastUse));
    for (var each : spare.subList(0, (spare.size() + 1) / 2)) breakers.remove(each.name());
  }

  /** As it was when it was looked at: sorting needs figures that stand still. */
  private record Candidate(String name, boolean failing, long lastUse) {}

  /** How things stand: each target's state by its name. */
  public Map<String, State> states() {
    var states = new TreeMap<String, State>();
    breakers.forEach((name, breaker) -> states.put(name, breaker.state()));
    return states;
  }

  /** Closes the breaker of that name and forgets its failures; says whether there is one. */
  public boolean reset(String name) {
    var breaker = breakers.get(name);
    if (breaker != null) breaker.reset();
    return breaker != null;
  }

  /** Discovery has seen the service again: what failed before says nothing now. */
  public void recovered(String service) {
    breakers.forEach(
        (name, breaker) -> {
          boolean its = name.equals(service) || name.startsWith(service + "~");
          if (its) breaker.recovered();
        });
  }

  private Breaker create(String name) {
    return new Breaker(name, settings, clock);
  }
}
