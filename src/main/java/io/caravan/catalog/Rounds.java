package io.caravan.catalog;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Which services are being asked, and who waits for it. */
public final class Rounds {

  /** How long a name that is not known waits at most for services that are still to come. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Map<String, CompletableFuture<Void>> underway = new ConcurrentHashMap<>();
  private final Map<String, CompletableFuture<Void>> first = new ConcurrentHashMap<>();
  private final CompletableFuture<Void> recalled = new CompletableFuture<>();
  private final CompletableFuture<Void> complete = new CompletableFuture<>();

  /**
   * @param expected the services that will be asked at the start
   */
  Rounds(Collection<Service> expected) {
    expect(expected);
  }

  void expect(Collection<Service> expected) {
    expected.forEach(service -> first.put(service.name(), new CompletableFuture<>()));
  }

  /** Those of the services that are not being asked already; from now on they are. */
  List<Service> begin(List<Service> services) {
    return services.stream()
        .filter(service -> underway.putIfAbsent(service.name(), new CompletableFuture<>()) == null)
        .toList();
  }

  /** A service has answered, or failed to. */
  void over(Service service) {
    var asked = underway.remove(service.name());
    if (asked != null) asked.complete(null);
    var firstTime = first.get(service.name());
    if (firstTime != null) firstTime.complete(null);
  }

  /**
   * Completes when no service is being asked any more and all services are known, so that nobody is
   * refused too soon after the start; the askers have their own time limits.
   */
  public CompletionStage<Void> settled() {
    var asked = CompletableFuture.allOf(underway.values().toArray(CompletableFuture[]::new));
    return complete.isDone() ? asked : asked.thenCombine(allKnown(), (over, known) -> over);
  }

  /** Completes when all services are known, at the latest when nobody would wait any longer. */
  public CompletionStage<Void> allKnown() {
    return complete.copy().completeOnTimeout(null, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Completes when every service was asked once, or after the given time. */
  public CompletionStage<Void> first(Duration atMost) {
    return CompletableFuture.allOf(first.values().toArray(CompletableFuture[]::new))
        .completeOnTimeout(null, atMost.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The same when also what was kept from before the start is remembered. */
  public CompletionStage<Void> ready(Duration atMost) {
    return first(atMost)
        .thenCombine(recalled, (asked, kept) -> asked)
        .toCompletableFuture()
        .completeOnTimeout(null, atMost.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** To be called when no more models will be remembered from before the start. */
  public void recalled() {
    recalled.complete(null);
  }

  /** To be called when no more services will come from before the start. */
  public void complete() {
    complete.complete(null);
  }
}
