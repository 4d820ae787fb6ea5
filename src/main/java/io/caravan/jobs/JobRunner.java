package io.caravan.jobs;

import io.caravan.catalog.Services;
import io.caravan.errors.GatewayException;
import io.caravan.jobs.JobRun.Ending;
import io.caravan.routing.Target;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Runs jobs on this node, each on a thread of the scheduler's, which also writes its progress. */
final class JobRunner {

  private static final Duration ROOM = Duration.ofMillis(300);
  private static final Duration RESTART = Duration.ofSeconds(1);
  private static final long TICK_MILLIS = 250;
  private static final Duration STOPPING = Duration.ofSeconds(10);

  private final JobTable table;
  private final Supplier<Services> services;
  private final JobFeed feed;
  private final JobLimits limits;
  private final String node;
  private final Clock clock;
  private final Map<String, JobRun> running = new ConcurrentHashMap<>();
  private volatile JobsConsumer routes;
  private final CountDownLatch stopped = new CountDownLatch(1);

  JobRunner(
      JobTable table,
      Supplier<Services> services,
      JobFeed feed,
      JobLimits limits,
      String node,
      Clock clock) {
    this.table = table;
    this.services = services;
    this.feed = feed;
    this.limits = limits;
    this.node = node;
    this.clock = clock;
  }

  /** Where the route of jobs begins. */
  void attach(JobsConsumer consumer) {
    routes = consumer;
  }

  /** The job as it is now, if this node runs it. */
  Optional<Job> running(String id) {
    return Optional.ofNullable(running.get(id)).map(JobRun::job);
  }

  /** Ends a job that runs here; whether one does. */
  boolean end(String id) {
    var run = running.get(id);
    if (run != null) run.end(Ending.CLIENT);
    return run != null;
  }

  /** Ends all that runs here; what can be resumed will be. */
  void stop() {
    stopped.countDown();
    running.values().forEach(run -> run.end(Ending.SHUTDOWN));
  }

  /**
   * Runs a job to its end, on this very thread.
   *
   * @return after what time to run it again, or null if it is over
   */
  Duration run(String id) {
    if (stopped.getCount() == 0 || routes == null) return RESTART;
    if (running.containsKey(id)) return RESTART; // it waits for the database to write its end
    var before = table.find(id).orElse(null);
    if (before == null || before.isOver()) return null;
    if (!table.claim(before, node, limits.perService(), clock.instant())) return ROOM;
    table.flush(); // a node that dies from here on is known to have run it
    var service = services.get().get(before.service());
    var job = table.find(id).orElseThrow();
    boolean died = before.state() == Job.State.RUNNING;
    var outcome = new JobOutcome(table, feed, limits, node, stopped, clock);
    if (service == null) return outcome.gone(job);
    boolean resumes = service.provider().resumes().contains(job.type());
    if (died && !resumes) return outcome.interrupted(job);
    var within = service.within(limits.calls(service.limits(), job.type()));
    var run = new JobRun(job, Target.of(within, job.model()), feed, clock);
    running.put(id, run);
    try {
      feed.tell(job);
      routes.start(run);
      await(run);
      return outcome.of(run, resumes);
    } finally {
      running.remove(id);
    }
  }

  /** Until the route has ended; one that does not end when it is told to is not waited for. */
  private void await(JobRun run) {
    var deadline = clock.instant().plus(limits.whole(run.job().type()));
    var saved = run.job();
    Instant toldToEnd = null;
    while (!isEnded(run)) {
      var now = clock.instant();
      saved = save(run, saved);
      if (now.isAfter(deadline)) run.end(Ending.TIME);
      var silentSince = run.lastProgress();
      if (now.isAfter(silentSince.plus(limits.silence(run.job().type())))) run.end(Ending.STALL);
      if (run.ending() == null) continue;
      if (toldToEnd == null) toldToEnd = now;
      if (now.isAfter(toldToEnd.plus(STOPPING))) return;
    }
  }

  private static boolean isEnded(JobRun run) {
    try {
      run.urgent().get(TICK_MILLIS, TimeUnit.MILLISECONDS);
      return run.routeEnded().isDone();
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      return true;
    } catch (InterruptedException e) {
      run.end(Ending.SHUTDOWN);
      return false;
    }
  }

  /** Writes what is new, and hears whether a client of another node wants it to end. */
  private Job save(JobRun run, Job saved) {
    var job = run.job();
    try {
      if (job.revision() != saved.revision()) table.save(job, node);
      if (!Objects.equals(job.handle(), saved.handle())) table.flush(); // else it is begun anew
      if (table.isAskedToEnd(job.id())) run.end(Ending.CLIENT);
      return job;
    } catch (GatewayException e) {
      return saved; // the work goes on while the database is away
    }
  }
}
