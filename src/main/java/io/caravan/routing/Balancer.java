package io.caravan.routing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;

/** Puts the targets of an alias, and the URLs of a service, in the order of trying them. */
final class Balancer {

  private final Loads loads;
  private final Supplier<RandomGenerator> random;
  private final Map<String, AtomicInteger> turns = new ConcurrentHashMap<>();

  /**
   * @param random where chance comes from, asked on the thread that uses it
   */
  Balancer(Loads loads, Supplier<RandomGenerator> random) {
    this.loads = loads;
    this.random = random;
  }

  /** The same targets, best first; {@code places} has each one's place in the alias's list. */
  List<Target> order(Alias alias, List<Target> targets, List<Integer> places) {
    if (targets.size() < 2) return targets;
    var place = new HashMap<Target, Integer>();
    for (int i = 0; i < targets.size(); i++) place.put(targets.get(i), places.get(i));
    return switch (alias.strategy()) {
      case FAILOVER -> targets;
      case ROUND_ROBIN -> rotated(alias.name(), targets);
      case WEIGHTED -> sorted(targets, target -> ticket(alias.weight(place.get(target))));
      case LEAST_BUSY -> sorted(rotated(alias.name(), targets), loads::inFlight);
      case LOWEST_LATENCY -> quickest(targets);
      case CHEAPEST -> sorted(targets, target -> alias.price(place.get(target)));
    };
  }

  /** A target at each URL of its service, the one with the fewest calls in flight first. */
  List<Target> urls(Target target) {
    var service = target.service();
    if (service.urls().size() < 2) return List.of(target);
    var all = new ArrayList<Target>();
    for (var url : service.urls()) all.add(target.at(url, target.apiKey()));
    return sorted(rotated(service.name(), all), loads::inFlight);
  }

  /** The quickest first, but now and then one in front of it of which that is to be found out. */
  private List<Target> quickest(List<Target> targets) {
    var ordered = new ArrayList<>(sorted(targets, loads.firstTokens()::average));
    var tried = loads.firstTokens().toTry(ordered);
    if (tried != null && ordered.remove(tried)) ordered.add(0, tried);
    return ordered;
  }

  private List<Target> rotated(String name, List<Target> targets) {
    var turn = turns.computeIfAbsent(name, any -> new AtomicInteger());
    int first = Math.floorMod(turn.getAndIncrement(), targets.size());
    var rotated = new ArrayList<>(targets.subList(first, targets.size()));
    rotated.addAll(targets.subList(0, first));
    return rotated;
  }

  /**
   * An exponential waiting time: the heavier, the sooner. Sorted by it, each comes first as often
   * as its share of the weights (Efraimidis and Spirakis, 2006).
   */
  private double ticket(double weight) {
    return weight <= 0 ? Double.MAX_VALUE : -Math.log(1 - random.get().nextDouble()) / weight;
  }

  /** Sorts by figures that may change meanwhile, so each is asked for once. */
  private static List<Target> sorted(List<Target> targets, ToDoubleFunction<Target> figure) {
    var figures = new HashMap<Target, Double>();
    for (var target : targets) figures.put(target, figure.applyAsDouble(target));
    return targets.stream().sorted(Comparator.comparing(figures::get)).toList();
  }
}
