package io.caravan.personal;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Who finds something out for a user: one at a time, whom the others wait for. */
final class Inquiries {

  private final Map<String, CompletableFuture<Void>> first = new HashMap<>();

  /** Null for the first, who must say {@link #done}; else what is complete when that one has. */
  synchronized CompletionStage<Void> after(String user) {
    var other = first.get(user);
    if (other == null) first.put(user, new CompletableFuture<>());
    return other;
  }

  /** What was to be found out is known, or cannot be. */
  void done(String user) {
    CompletableFuture<Void> over;
    synchronized (this) {
      over = first.remove(user);
    }
    if (over != null) over.complete(null);
  }
}
