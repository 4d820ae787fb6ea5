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
final class Rounds {

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

  /** Also all services must be known, so that nobody is refused too soon after the start. */
  CompletionStage<Void> allOver(Duration patience) {
    var asked = CompletableFuture.allOf(underway.values().toArray(CompletableFuture[]::new));
    return complete.isDone() ? asked : asked.thenCombine(allKnown(patience), (over, known) -> over);
  }

  /** Completes when all services are known, or after the given time. */
  CompletableFuture<Void> allKnown(Duration patience) {
    return complete.copy().completeOnTimeout(null, patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  CompletionStage<Void> firstOverAndRecalled(Duration atMost) {
    return firstOver(atMost)
        .thenCombine(recalled, (asked, kept) -> asked)
        .toCompletableFuture()
        .completeOnTimeout(null, atMost.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** What was kept from before the start is known, or will not be. */
  void recalled() {
    recalled.complete(null);
  }

  /** All services are known. */
  void complete() {
    complete.complete(null);
  }

  CompletionStage<Void> firstOver(Duration atMost) {
    return CompletableFuture.allOf(first.values().toArray(CompletableFuture[]::new))
        .completeOnTimeout(null, atMost.toMillis(), TimeUnit.MILLISECONDS);
  }
}
