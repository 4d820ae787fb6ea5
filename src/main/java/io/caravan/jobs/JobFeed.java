package io.caravan.jobs;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Tells those who watch a job on this node of each change, on the thread that made it. */
final class JobFeed {

  private final Map<String, List<Consumer<Job>>> watchers = new ConcurrentHashMap<>();

  void watch(String id, Consumer<Job> watcher) {
    watchers.computeIfAbsent(id, any -> new CopyOnWriteArrayList<>()).add(watcher);
  }

  void leave(String id, Consumer<Job> watcher) {
    watchers.computeIfPresent(
        id,
        (any, all) -> {
          all.remove(watcher);
          return all.isEmpty() ? null : all;
        });
  }

  void tell(Job job) {
    watchers.getOrDefault(job.id(), List.of()).forEach(watcher -> watcher.accept(job));
  }

  /** How many jobs are watched. */
  int size() {
    return watchers.size();
  }
}
