package io.caravan.jobs;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.Schedules;
import io.caravan.errors.GatewayException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.sql.DataSource;

/**
 * Gives each job to one of the nodes that share a database, and to another one if that node dies:
 * db-scheduler's work.
 *
 * @see <a href="https://github.com/kagkarlsson/db-scheduler">db-scheduler</a>
 */
final class JobQueue implements AutoCloseable {

  private static final String TASK = "job";

  /** How soon one node sees what another one has left. */
  private static final Duration POLL = Duration.ofSeconds(1);

  private static final Duration HEARTBEAT = Duration.ofSeconds(1);

  /** A node that is alone knows of everything; each look costs a sleeping machine. */
  private static final Duration SELDOM = Duration.ofSeconds(20);

  /** What is put off is in the table by then. */
  private static final long MARGIN_MILLIS = 50;

  private static final int MISSED_HEARTBEATS = 4; // the least that db-scheduler takes
  private static final Duration STOP = Duration.ofSeconds(5);
  private static final Duration AFTER_TROUBLE = Duration.ofSeconds(5);

  private final CustomTask<Void> task;
  private final Scheduler scheduler;
  private final Clock clock;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(JobQueue::thread);

  /**
   * @param run runs a job and says after what time to run it again, null for never
   * @param alone whether no other node can have the database open
   */
  JobQueue(
      DataSource source,
      String node,
      int threads,
      Function<String, Duration> run,
      boolean alone,
      Clock clock) {
    this.clock = clock;
    task =
        Tasks.custom(TASK, Void.class)
            .onDeadExecution(new DeadJobs(clock))
            .onFailureReschedule(Schedules.fixedDelay(AFTER_TROUBLE))
            .execute((instance, context) -> done(run(run, instance.getId())));
    scheduler =
        Scheduler.create(source, task)
            .schedulerName(new SchedulerName.Fixed(node))
            .threads(threads)
            .pollingInterval(alone ? SELDOM : POLL)
            .heartbeatInterval(alone ? SELDOM : HEARTBEAT)
            .missedHeartbeatsLimit(MISSED_HEARTBEATS)
            .shutdownMaxWait(STOP)
            .enableImmediateExecution()
            .build();
  }

  void start() {
    scheduler.start();
  }

  void add(String id) {
    scheduler.scheduleIfNotExists(task.instance(id), clock.instant());
  }

  void remove(String id) {
    try {
      scheduler.cancel(TaskInstanceId.of(TASK, id));
    } catch (RuntimeException e) {
      // it has just been taken, or was never added; a run finds that the job is over
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
    scheduler.stop();
  }

  private Duration run(Function<String, Duration> run, String id) {
    try {
      return run.apply(id);
    } catch (GatewayException.Unavailable e) {
      return AFTER_TROUBLE; // the database is away, which is in the log once
    } catch (RuntimeException e) {
      lookIn(AFTER_TROUBLE.toMillis() + MARGIN_MILLIS);
      throw e;
    }
  }

  private CompletionHandler<Void> done(Duration again) {
    if (again == null) return new CompletionHandler.OnCompleteRemove<>();
    lookIn(again.toMillis() + MARGIN_MILLIS);
    return new CompletionHandler.OnCompleteReschedule<>(Schedules.fixedDelay(again));
  }

  private void lookIn(long millis) {
    try {
      timer.schedule(() -> scheduler.triggerCheckForDueExecutions(), millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException closing) {
      // the next start finds it
    }
  }

  private static Thread thread(Runnable task) {
    var thread = new Thread(task, "job-queue");
    thread.setDaemon(true);
    return thread;
  }
}
