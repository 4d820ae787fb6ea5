package io.caravan.routing;

import io.caravan.catalog.Service;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;

/** How busy each URL is, and how soon each target's first token has come lately. */
public final class Loads {

  private final Map<String, AtomicInteger> inFlight = new ConcurrentHashMap<>();
  private final FirstTokens firstTokens;
  private final LongAdder pieces = new LongAdder();

  public Loads(Clock clock) {
    firstTokens = new FirstTokens(clock);
  }

  /** An attempt begins at this target. */
  public void begins(Target target) {
    counter(target).incrementAndGet();
  }

  /** An attempt that began here is over. */
  public void ends(Target target) {
    counter(target).decrementAndGet();
  }

  /** Attempts under way at the target's URL. */
  public int inFlight(Target target) {
    return counter(target).get();
  }

  /** Attempts under way at all URLs of a service. */
  public int inFlight(Service service) {
    if (service.urls().size() < 2) return sum(service.name());
    return service.urls().stream().mapToInt(url -> sum(service.name() + " " + url)).sum();
  }

  private int sum(String key) {
    var counter = inFlight.get(key);
    return counter == null ? 0 : counter.get();
  }

  /** Of the URLs of one service that a list begins with, puts that with the fewest calls first. */
  public void freestFirst(List<Target> targets) {
    if (targets.size() < 2 || targets.get(0).service().urls().size() < 2) return;
    var first = targets.get(0);
    int freest = 0;
    for (int i = 1; i < targets.size() && first.isTwinOf(targets.get(i)); i++) {
      if (inFlight(targets.get(i)) < inFlight(targets.get(freest))) freest = i;
    }
    if (freest > 0) targets.add(0, targets.remove(freest));
  }

  /** A piece of a stream has come. */
  public void piece() {
    pieces.increment();
  }

  /** Pieces of streams that have come since the start. */
  public long pieces() {
    return pieces.sum();
  }

  /** The first content of an answer came after this time. */
  public void answered(Target target, Duration after) {
    firstTokens.answered(target, after);
  }

  /** An attempt has failed after this time, before any content. */
  public void failed(Target target, Duration after) {
    firstTokens.failed(target, after);
  }

  /** How soon each target's first token has come. */
  FirstTokens firstTokens() {
    return firstTokens;
  }

  /** Forgets how soon services answered that are not kept as they were. */
  public void keep(Predicate<String> isKept) {
    firstTokens.keep(isKept);
  }

  private AtomicInteger counter(Target target) {
    var service = target.service();
    var key = service.urls().size() < 2 ? service.name() : service.name() + " " + target.url();
    var counter = inFlight.get(key);
    return counter != null ? counter : inFlight.computeIfAbsent(key, any -> new AtomicInteger());
  }
}
