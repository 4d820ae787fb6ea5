package io.caravan.jobs;

import io.caravan.access.Audit;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.jobs.Job.State;
import io.caravan.json.Json;
import io.caravan.settings.Configuration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Header;

/** {@code /jobs} over HTTP. Its routes have left the event loop: all of this may block. */
public final class JobsApi implements AutoCloseable {

  private static final int PAGE = 50;
  private static final int LARGEST_PAGE = 500;
  private static final long CANCEL_SECONDS = 3;

  private final Jobs jobs;
  private final Supplier<Configuration> settings;
  private final ScheduledExecutorService timer =
      Executors.newScheduledThreadPool(
          2,
          task -> {
            var thread = new Thread(task, "job-events");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * @param settings those that count now
   */
  public JobsApi(Jobs jobs, Supplier<Configuration> settings) {
    this.jobs = jobs;
    this.settings = settings;
  }

  /** {@code POST /jobs}: 202, and where to look after it. */
  public void create(Exchange exchange) {
    var defaultService = settings.get().get("caravan.default-service");
    var job = jobs.create((byte[]) exchange.getMessage().getBody(), defaultService);
    Audit.tell(exchange, "service", job.service());
    Audit.tell(exchange, "model", job.model());
    answer(exchange, 202, job);
    exchange.getMessage().setHeader("Location", "/jobs/" + job.id());
  }

  /** {@code GET /jobs}: a page of jobs, the newest first. */
  public byte[] list(
      @Header("state") String state,
      @Header("service") String service,
      @Header("limit") String limit,
      @Header("offset") String offset) {
    var wanted = state == null || state.isBlank() ? null : known(state);
    int size = Math.min(LARGEST_PAGE, number("limit", limit, PAGE));
    int from = number("offset", offset, 0);
    var page = Json.object().put("object", "list");
    var data = page.putArray("data");
    jobs.list(wanted, service, size, from).forEach(job -> data.add(job.json()));
    page.put("total", jobs.count(wanted, service)).put("limit", size).put("offset", from);
    return Json.bytes(page);
  }

  /** {@code GET /jobs/{id}}. */
  public byte[] one(@Header("id") String id) {
    return Json.bytes(jobs.find(id).json());
  }

  /** {@code GET /jobs/{id}/events}: a stream that ends with the job. */
  public void events(Exchange exchange, @Header("id") String id) {
    var message = exchange.getMessage();
    message.setBody(new JobStream(jobs, jobs.find(id), timer));
    message.setHeader(Exchange.CONTENT_TYPE, "text/event-stream; charset=utf-8");
    message.setHeader("Cache-Control", "no-cache");
    message.setHeader("X-Accel-Buffering", "no");
  }

  /** {@code DELETE /jobs/{id}}: the job when it has ended, or 202 if that takes longer. */
  public CompletionStage<Void> cancel(Exchange exchange, @Header("id") String id) {
    var job = jobs.cancel(id);
    return end(job)
        .completeOnTimeout(null, CANCEL_SECONDS, java.util.concurrent.TimeUnit.SECONDS)
        .thenAccept(
            ended -> answer(exchange, ended == null ? 202 : 200, ended == null ? job : ended));
  }

  /** Completes with a job when it is over. */
  public CompletableFuture<Job> end(Job job) {
    var ended = new JobEnd(jobs, job, timer);
    ended.start();
    return ended.future();
  }

  private static void answer(Exchange exchange, int status, Job job) {
    var message = exchange.getMessage();
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
    message.setBody(Json.bytes(job.json()));
  }

  private static String known(String state) {
    if (Arrays.stream(State.values()).anyMatch(each -> each.text().equals(state))) return state;
    var all = Arrays.stream(State.values()).map(State::text).collect(Collectors.joining(", "));
    throw new InvalidRequest("'state' must be one of " + all + ".", "state", "invalid_value");
  }

  private static int number(String name, String given, int otherwise) {
    if (given == null || given.isBlank()) return otherwise;
    if (given.matches("\\d{1,9}")) return Integer.parseInt(given);
    throw new InvalidRequest("'" + name + "' must be a whole number.", name, "invalid_value");
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
