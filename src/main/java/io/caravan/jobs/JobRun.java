package io.caravan.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.Wrapped;
import io.caravan.routing.Target;
import io.caravan.streaming.Cancellation;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/** A job while this node runs it. What happens to it may be told from any thread. */
final class JobRun {

  /** Why a run is to end before it is done. */
  enum Ending {
    CLIENT,
    TIME,
    STALL,
    SHUTDOWN
  }

  /** In characters; what is longer is not kept, and the job cannot be resumed. */
  private static final int LONGEST_HANDLE = 1000;

  private final Target target;
  private final JobFeed feed;
  private final Clock clock;
  private final Speed speed;
  private final Cancellation cancellation = new Cancellation();
  private final CompletableFuture<Void> routeEnded = new CompletableFuture<>();
  private final CompletableFuture<Void> named = new CompletableFuture<>();
  private Job job;
  private Instant lastProgress;
  private Ending ending;
  private Throwable failure;
  private String note;
  private boolean rejoins;

  JobRun(Job job, Target target, JobFeed feed, Clock clock) {
    this.job = job;
    this.target = target;
    this.feed = feed;
    this.clock = clock;
    this.speed = new Speed(clock);
    this.lastProgress = clock.instant();
  }

  Target target() {
    return target;
  }

  Cancellation cancellation() {
    return cancellation;
  }

  /** Completes when the route has nothing more to do. */
  CompletableFuture<Void> routeEnded() {
    return routeEnded;
  }

  synchronized Job job() {
    return job;
  }

  synchronized Instant lastProgress() {
    return lastProgress;
  }

  synchronized Ending ending() {
    return ending;
  }

  synchronized Throwable failure() {
    return failure;
  }

  /** What has to be said about the ending, or null. */
  synchronized String note() {
    return note;
  }

  /** The service is at it. */
  void progress(ObjectNode told) {
    Job changed;
    synchronized (this) {
      lastProgress = clock.instant();
      var progress = speed.progress(told);
      if (progress.equals(job.progress())) return;
      changed = job = job.with(progress, job.handle());
    }
    feed.tell(changed);
  }

  /** All of it is done, even if the service's last word on how far it is has not been heard. */
  synchronized void completed() {
    var told = job.progress();
    if (told == null || told.path("done").equals(told.path("total"))) return;
    var whole = told.deepCopy().put("done", told.path("total").asLong()).put("eta", 0L);
    job = job.with(whole, job.handle());
  }

  /** The service calls it so. */
  void handle(String handle) {
    if (handle == null || handle.isEmpty() || handle.length() > LONGEST_HANDLE) return;
    synchronized (this) {
      job = job.with(job.progress(), handle);
    }
    named.complete(null);
  }

  /** Completes when there is something to be written down at once: its end, or first its name. */
  CompletableFuture<?> urgent() {
    return named.isDone() ? routeEnded : CompletableFuture.anyOf(routeEnded, named);
  }

  /** The job has changed its state. */
  void becomes(Job next) {
    synchronized (this) {
      job = next;
    }
    feed.tell(next);
  }

  /** Ends the work under way. The first reason counts. */
  void end(Ending why) {
    synchronized (this) {
      if (ending != null || routeEnded.isDone()) return;
      ending = why;
    }
    cancellation.cancel();
  }

  /** The next attempt is told what the service calls it, to look first whether it goes on. */
  synchronized void rejoins() {
    rejoins = true;
  }

  /** What the next attempt is told of what the service called it. */
  synchronized String handleForNext() {
    return rejoins ? job.handle() : null;
  }

  synchronized void failed(Throwable cause) {
    failure = Wrapped.cause(cause);
  }

  synchronized void note(String text) {
    note = text;
  }
}
