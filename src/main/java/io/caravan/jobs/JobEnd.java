package io.caravan.jobs;

import io.caravan.errors.GatewayException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Waits for a job's end without a thread of its own, wherever the job runs. */
final class JobEnd {

  private static final long LOOK_MILLIS = 500;

  private final Jobs jobs;
  private final Job job;
  private final ScheduledExecutorService timer;
  private final CompletableFuture<Job> ended = new CompletableFuture<>();
  private final Consumer<Job> watcher = this::changed;

  JobEnd(Jobs jobs, Job job, ScheduledExecutorService timer) {
    this.jobs = jobs;
    this.job = job;
    this.timer = timer;
  }

  CompletableFuture<Job> future() {
    return ended;
  }

  void start() {
    jobs.feed().watch(job.id(), watcher);
    changed(job);
    if (ended.isDone()) return;
    var looking = timer.scheduleWithFixedDelay(this::look, 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    ended.whenComplete(
        (last, failure) -> {
          looking.cancel(false);
          jobs.feed().leave(job.id(), watcher);
        });
  }

  private void look() {
    try {
      changed(jobs.find(job.id()));
    } catch (GatewayException e) {
      // the database is away for a moment
    }
  }

  private void changed(Job now) {
    if (now.isOver()) ended.complete(now);
  }
}
