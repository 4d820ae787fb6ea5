package io.caravan.personal;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** What was found out a moment ago, by user: bounded, the longest unused makes room. */
final class Recent<V> {

  private static final int MOST = 1000;

  private final Clock clock;
  private final Map<String, Noted<V>> noted = new LinkedHashMap<>(16, 0.75f, true);

  private record Noted<V>(V value, Instant at) {}

  Recent(Clock clock) {
    this.clock = clock;
  }

  /** What was noted, or null if that is longer ago. */
  synchronized V get(String user, Duration atMost) {
    var found = noted.get(user);
    boolean fresh = found != null && found.at.plus(atMost).isAfter(clock.instant());
    return fresh ? found.value : null;
  }

  synchronized void put(String user, V value) {
    noted.put(user, new Noted<>(value, clock.instant()));
    if (noted.size() > MOST) noted.remove(noted.keySet().iterator().next());
  }

  synchronized void remove(String user) {
    noted.remove(user);
  }
}
