package io.caravan.jobs;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.Schedules;
import java.time.Clock;
import java.time.Duration;
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
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration HEARTBEAT = Duration.ofSeconds(2);
  private static final int MISSED_HEARTBEATS = 4; // the least that db-scheduler takes
  private static final Duration STOP = Duration.ofSeconds(5);
  private static final Duration AFTER_TROUBLE = Duration.ofSeconds(5);

  private final CustomTask<Void> task;
  private final Scheduler scheduler;
  private final Clock clock;

  /**
   * @param run runs a job and says after what time to run it again, null for never
   */
  JobQueue(
      DataSource source, String node, int threads, Function<String, Duration> run, Clock clock) {
    this.clock = clock;
    task =
        Tasks.custom(TASK, Void.class)
            .onDeadExecutionRevive()
            .onFailureReschedule(Schedules.fixedDelay(AFTER_TROUBLE))
            .execute((instance, context) -> done(run.apply(instance.getId())));
    scheduler =
        Scheduler.create(source, task)
            .schedulerName(new SchedulerName.Fixed(node))
            .threads(threads)
            .pollingInterval(POLL)
            .heartbeatInterval(HEARTBEAT)
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
    scheduler.stop();
  }

  private static CompletionHandler<Void> done(Duration again) {
    return again == null
        ? new CompletionHandler.OnCompleteRemove<>()
        : new CompletionHandler.OnCompleteReschedule<>(Schedules.fixedDelay(again));
  }
}
