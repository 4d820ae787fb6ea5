package io.caravan.jobs;

import io.caravan.errors.GatewayException;
import io.caravan.json.Json;
import io.caravan.streaming.AnswerStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A job as server-sent events: as it is, at each change, and at its end. Changes on this node come
 * at once, those on another node by looking into the table. For a client that reads slowly only the
 * latest change is kept.
 */
final class JobStream implements AnswerStream<byte[]> {

  private static final long LOOK_MILLIS = 500;

  private final Jobs jobs;
  private final Job first;
  private final ScheduledExecutorService timer;
  private final Consumer<Job> watcher = this::changed;
  private Listener<byte[]> listener;
  private ScheduledFuture<?> looking;
  private long sent = -1;
  private Job held;
  private boolean paused;
  private boolean over;

  JobStream(Jobs jobs, Job first, ScheduledExecutorService timer) {
    this.jobs = jobs;
    this.first = first;
    this.timer = timer;
  }

  @Override
  public void listen(Listener<byte[]> to) {
    listener = to;
    jobs.feed().watch(first.id(), watcher);
    changed(first);
    synchronized (this) {
      if (over) return;
      looking = timer.scheduleWithFixedDelay(this::look, 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public void began() {
    // a job may be silent for long
  }

  @Override
  public synchronized void pause() {
    paused = true;
  }

  @Override
  public void resume() {
    Job next;
    synchronized (this) {
      paused = false;
      next = held;
      held = null;
    }
    if (next != null) changed(next);
  }

  @Override
  public synchronized void cancel() {
    if (over) return;
    over = true;
    jobs.feed().leave(first.id(), watcher);
    if (looking != null) looking.cancel(false);
  }

  private void look() {
    try {
      changed(jobs.find(first.id()));
    } catch (GatewayException e) {
      // the database is away for a moment
    }
  }

  private synchronized void changed(Job job) {
    if (over || job.revision() <= sent) return;
    if (paused) {
      if (held == null || held.revision() < job.revision()) held = job;
      return;
    }
    sent = job.revision();
    var event = "data: " + Json.text(job.json()) + "\n\n";
    listener.next(event.getBytes(StandardCharsets.UTF_8));
    listener.flush();
    if (!job.isOver()) return;
    cancel();
    listener.end();
  }
}
