package io.caravan.metrics;

import io.caravan.routing.Target;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * The names of models that are labels. Clients may invent names where a service's list is not
 * known: a name must be listed, or at least have answered, and of those there are few.
 */
final class ModelLabels {

  /** What all other models are called together. */
  static final String OTHER = "other";

  private static final int MAX = 250;
  private static final int MAX_UNLISTED = 50;

  private final Predicate<Target> isListed;
  private final Set<String> known = ConcurrentHashMap.newKeySet();
  private int unlisted;

  ModelLabels(Predicate<Target> isListed) {
    this.isListed = isListed;
  }

  /** The label of a target's model: its unified name, or {@link #OTHER}. */
  String of(Target target, boolean answered) {
    var name = target.unifiedName();
    return known.contains(name) || add(target, name, answered) ? name : OTHER;
  }

  /** Whether the key of a target, behind which may be the number of its URL, has such a label. */
  boolean has(String key) {
    return known.contains(key) || known.contains(key.replaceFirst("@\\d+$", ""));
  }

  private synchronized boolean add(Target target, String name, boolean answered) {
    if (known.size() >= MAX) return false;
    if (!isListed.test(target)) {
      if (!answered || unlisted >= MAX_UNLISTED) return false;
      unlisted++;
    }
    known.add(name);
    return true;
  }
}
