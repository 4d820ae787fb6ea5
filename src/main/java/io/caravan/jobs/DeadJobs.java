package io.caravan.jobs;

import com.github.kagkarlsson.scheduler.task.DeadExecutionHandler;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Has a job whose node is silent run elsewhere, unless it is heard of again within a grace: after
 * an outage of the database all nodes seem to be dead.
 */
final class DeadJobs implements DeadExecutionHandler<Void> {

  /** Longer than a pool of connections may take to notice that the database is back. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private static final int MOST = 1000;

  private final Map<String, Silence> silent = new ConcurrentHashMap<>();
  private final Clock clock;

  /** The last sign of life of a job, and when it was first found to be too old. */
  private record Silence(Instant heartbeat, Instant since) {}

  DeadJobs(Clock clock) {
    this.clock = clock;
  }

  @Override
  public void deadExecution(ExecutionComplete dead, ExecutionOperations<Void> operations) {
    var execution = dead.getExecution();
    var now = clock.instant();
    var before = silent.get(execution.getId());
    if (before == null || !before.heartbeat.equals(execution.lastHeartbeat)) {
      if (silent.size() >= MOST) silent.clear();
      silent.put(execution.getId(), new Silence(execution.lastHeartbeat, now));
    } else if (now.isAfter(before.since.plus(GRACE))) {
      silent.remove(execution.getId());
      new ReviveDeadExecution<Void>().deadExecution(dead, operations);
    }
  }
}
