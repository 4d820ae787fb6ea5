package io.caravan.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.catalog.Services;
import io.caravan.errors.GatewayException;
import io.caravan.files.AllowedFolders;
import io.caravan.jobs.Job.State;
import io.caravan.json.Json;
import io.caravan.store.Database;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The jobs of all nodes, as this node sees them. Methods that touch the database may block. */
public final class Jobs implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Jobs.class);

  private final Database database;
  private final AllowedFolders folders;
  private final Supplier<Services> services;
  private final JobLimits limits;
  private final Clock clock;
  private final String node = UUID.randomUUID().toString();
  private final JobTable table;
  private final JobFeed feed = new JobFeed();
  private final JobRunner runner;
  private final QueueStart start;

  /**
   * @param folders out of which models may be imported
   */
  public Jobs(
      Database database,
      Supplier<Services> services,
      AllowedFolders folders,
      JobLimits limits,
      Clock clock) {
    this.database = database;
    this.folders = folders;
    this.services = services;
    this.limits = limits;
    this.clock = clock;
    table = new JobTable(database);
    start = new QueueStart(database);
    runner = new JobRunner(table, services, feed, limits, node, clock);
  }

  /**
   * Begins to run jobs as soon as the database is open.
   *
   * @param alone whether no other process can have the database open, so that what seems to be
   *     running has died
   */
  public void start(boolean alone) {
    database.whenOpen(source -> begin(source, alone));
  }

  private void begin(DataSource source, boolean alone) {
    if (alone) table.release();
    table.forget(clock.instant().minus(limits.keep()));
    var damaged = table.damaged();
    if (!damaged.isEmpty()) LOG.warn("Jobs whose rows are damaged are left out: {}", damaged);
    var queue = new JobQueue(source, node, limits.threads(), runner::run, alone, clock);
    table.active().forEach(queue::add); // a process may have died before it came to that
    start.begin(queue);
  }

  /** Makes a job of a request; the same request twice is the same job as long as that is active. */
  Job create(byte[] body, String defaultService) {
    var request = JobRequest.of(body, services.get(), defaultService);
    if (request.params().has("path")) folders.check(request.params().path("path").asText());
    return create(request);
  }

  /** A job of this type for a service's model. */
  public Job create(String type, String service, String model, ObjectNode options) {
    var params = Json.object().put("service_name", service).put("model_name", model);
    JobParams.measure(params);
    if (options != null && !options.isEmpty()) params.set("options", options);
    return create(new JobRequest(type, params));
  }

  private Job create(JobRequest request) {
    var waiting = ready();
    var job =
        new Job(
            UUID.randomUUID().toString(),
            request.type(),
            request.params(),
            State.QUEUED,
            null,
            null,
            clock.instant(),
            null,
            null,
            null,
            0,
            false,
            0);
    var service = JobRequest.service(services.get(), job.service());
    var made = table.add(job, request.key(service));
    waiting.add(made.id());
    table.flush();
    return made;
  }

  /**
   * A job as it is now.
   *
   * @throws GatewayException.NotFound if there is none
   */
  public Job find(String id) {
    ready();
    return runner
        .running(id)
        .or(() -> table.find(id))
        .orElseThrow(
            () ->
                new GatewayException.NotFound(
                    "There is no job `" + shortened(id) + "`. GET /jobs lists them.",
                    "job_not_found"));
  }

  List<Job> list(String state, String service, int limit, int offset) {
    ready();
    return table.list(state, service, limit, offset).stream()
        .map(job -> runner.running(job.id()).orElse(job))
        .toList();
  }

  /**
   * The running ones, then the newest others; none as long as jobs are being started.
   *
   * @throws GatewayException.Unavailable if the database cannot be used
   */
  public List<Job> latest(int most) {
    if (!start.isReady()) return List.of();
    var running = list(State.RUNNING.text(), null, most, 0).stream();
    var newest = list(null, null, most, 0).stream().filter(job -> job.state() != State.RUNNING);
    return Stream.concat(running, newest).limit(most).toList();
  }

  long count(String state, String service) {
    return table.count(state, service);
  }

  /**
   * Ends a job: at once if it waits, soon if it runs.
   *
   * @throws GatewayException.Conflict if it was over before
   */
  Job cancel(String id) {
    var job = find(id);
    if (job.isOver()) throw over(job);
    if (table.endQueued(id, clock.instant())) {
      ready().remove(id);
      table.find(id).ifPresent(feed::tell);
    } else if (!runner.end(id) && !table.askToEnd(id)) {
      var now = find(id);
      if (now.state() != State.CANCELLED) throw over(now); // else somebody else was as fast
    }
    return find(id);
  }

  private static GatewayException.Conflict over(Job job) {
    return new GatewayException.Conflict(
        "The job `%s` is over: its state is %s.".formatted(job.id(), job.state().text()),
        "job_finished");
  }

  /** Waits until jobs can be taken. */
  private JobQueue ready() {
    return start.await();
  }

  JobFeed feed() {
    return feed;
  }

  JobRunner runner() {
    return runner;
  }

  @Override
  public void close() {
    runner.stop();
    start.close();
  }

  private static String shortened(String id) {
    return id.length() <= 60 ? id : id.substring(0, 60) + "…";
  }
}
