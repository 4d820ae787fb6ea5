package io.caravan.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException;
import io.caravan.errors.OpenAiErrors;
import io.caravan.jobs.Job.State;
import io.caravan.json.Json;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Decides what a run was, and writes it. Every method says after what time to run it again. */
final class JobOutcome {

  private static final Duration RESTART = Duration.ofSeconds(1);
  private static final long PAUSE_MILLIS = 500;

  private final JobTable table;
  private final JobFeed feed;
  private final JobLimits limits;
  private final String node;
  private final CountDownLatch stopped;
  private final Clock clock;

  /**
   * @param stopped when the gateway ends
   */
  JobOutcome(
      JobTable table,
      JobFeed feed,
      JobLimits limits,
      String node,
      CountDownLatch stopped,
      Clock clock) {
    this.table = table;
    this.feed = feed;
    this.limits = limits;
    this.node = node;
    this.stopped = stopped;
    this.clock = clock;
  }

  /** What a run came to; null if it is over. */
  Duration of(JobRun run, boolean resumes) {
    if (run.routeEnded().isDone() && run.failure() == null) {
      run.completed();
      return over(run, State.SUCCEEDED, null);
    }
    var ending = run.ending();
    if (ending == null) return failed(run);
    return switch (ending) {
      case CLIENT -> over(run, State.CANCELLED, noted(run));
      case SHUTDOWN -> resumes ? again(run, null, RESTART) : interrupted(run.job());
      case TIME ->
          over(run, State.FAILED, slow(run, "It took longer than", limits.whole(type(run))));
      case STALL ->
          over(run, State.FAILED, slow(run, "No progress for", limits.silence(type(run))));
    };
  }

  /** Its service is not configured any more. */
  Duration gone(Job job) {
    var message = "The service `" + job.service() + "` is not configured any more.";
    return over(job, State.FAILED, error(message, "invalid_request_error", "service_not_found"));
  }

  /** Its process ended in the middle of it, and the service cannot go on with it. */
  Duration interrupted(Job job) {
    var message =
        "Caravan ended while this was running, and the service cannot go on with it."
            + " Look at the service's models, and ask for it again if need be.";
    return over(job, State.INTERRUPTED, error(message, "server_error", "interrupted"));
  }

  private Duration failed(JobRun run) {
    var failure = run.failure();
    var job = run.job();
    var rendered = run.target().discreet(OpenAiErrors.render(failure));
    var error =
        UnknownModel.is(failure)
            ? error(rendered.message(), "invalid_request_error", "model_not_found")
            : error(rendered.message(), rendered.type(), rendered.code());
    boolean again = Retry.isWorthIt(failure) && job.attempt() < limits.attempts();
    if (!again) return over(run, State.FAILED, error);
    return again(run, error, Retry.pause(job.attempt()));
  }

  /** Waits for its next attempt, which after a failure is called anew if it cannot be joined. */
  private Duration again(JobRun run, ObjectNode error, Duration pause) {
    var job = run.job();
    var kept = job.with(job.progress(), error == null ? job.handle() : run.handleForNext());
    write(kept.now(State.QUEUED, error, kept.startedAt(), null), run);
    return pause;
  }

  private Duration over(JobRun run, State state, ObjectNode error) {
    var job = run.job();
    write(job.now(state, error, job.startedAt(), clock.instant()), run);
    return null;
  }

  private Duration over(Job job, State state, ObjectNode error) {
    var ended = job.now(state, error, job.startedAt(), clock.instant());
    table.save(ended, node);
    feed.tell(ended);
    return null;
  }

  /** While the database is away the end is kept here, until it is back or the gateway ends. */
  private void write(Job job, JobRun run) {
    while (true) {
      try {
        table.save(job, node);
        run.becomes(job);
        return;
      } catch (GatewayException.Unavailable e) {
        if (job.isOver()) run.becomes(job); // its clients need not wait
        if (isStopped()) throw e;
      }
    }
  }

  private boolean isStopped() {
    try {
      return stopped.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private static String type(JobRun run) {
    return run.job().type();
  }

  private static ObjectNode noted(JobRun run) {
    return run.note() == null ? null : error(run.note(), "server_error", "not_stopped");
  }

  private static ObjectNode slow(JobRun run, String what, Duration limit) {
    var message = what + " " + limit.toMillis() / 1000.0 + " s, so it was ended.";
    var note = run.note() == null ? "" : " " + run.note();
    return error(message.replace(".0 s", " s") + note, "server_error", "job_timeout");
  }

  private static ObjectNode error(String message, String type, String code) {
    return Json.object().put("message", message).put("type", type).put("code", code);
  }
}
