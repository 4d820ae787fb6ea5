package io.caravan.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.catalog.Capability;
import io.caravan.catalog.Service;
import io.caravan.dialect.Outcome;
import io.caravan.errors.GatewayException;
import io.caravan.errors.OpenAiErrors;
import io.caravan.errors.Wrapped;
import io.caravan.json.Json;
import io.caravan.routing.Target;
import io.caravan.streaming.AnswerStream;
import io.caravan.streaming.Cancellation;
import io.caravan.streaming.HeldStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;

/** What the route of a running job does around its provider's Kamelet. */
public final class JobSteps {

  /** Exchange property with the {@link JobRun}. */
  static final String RUN = "CaravanJobRun";

  /**
   * Turns the exchange to the service. Body and variable {@code request}: {@code model} and what
   * else the client gave. Variables: {@code operation}, {@code model}, {@code target}, {@code
   * attempt}, counted from 1, and {@code handle} if the service has begun with it before a restart.
   */
  public void prepare(Exchange exchange) {
    var run = run(exchange);
    var job = run.job();
    var request = Json.object().put("model", job.model());
    for (var field : job.params().properties()) {
      boolean said = field.getKey().equals("service_name") || field.getKey().equals("model_name");
      if (!said) request.set(field.getKey(), field.getValue());
    }
    exchange.setVariable("operation", job.type());
    exchange.setVariable("model", job.model());
    exchange.setVariable("attempt", job.attempt());
    exchange.setVariable("request", request);
    exchange.setVariable("endpoint", run.target().service().endpoint());
    exchange.setVariable(Target.VARIABLE, run.target());
    if (job.handle() != null) exchange.setVariable("handle", job.handle());
    exchange.setProperty(Cancellation.PROPERTY, run.cancellation());
    exchange.getMessage().setBody(request);
  }

  /**
   * Follows the progress to its end, if there is one to follow; a whole answer is the end, good or
   * bad.
   */
  @SuppressWarnings("unchecked")
  public CompletionStage<Void> follow(Exchange exchange) {
    var run = run(exchange);
    run.handle(exchange.getVariable("handle", String.class));
    if (!(exchange.getMessage().getBody() instanceof AnswerStream<?> stream)) {
      Outcome.check(exchange.getMessage().getBody());
      return CompletableFuture.completedStage(null);
    }
    var follower = new Follower(run, (AnswerStream<ObjectNode>) stream);
    run.cancellation().onCancel(follower::cancel);
    stream.listen((AnswerStream.Listener) follower);
    return follower.ended;
  }

  /**
   * Whether the service tells of what an earlier attempt began: the body becomes that progress, and
   * variable {@code joined} is set, if any of it comes within the service's short time limit.
   */
  @SuppressWarnings("unchecked")
  public CompletionStage<Void> join(Exchange exchange) {
    var run = run(exchange);
    var stream = (AnswerStream<ObjectNode>) exchange.getMessage().getBody();
    var patience = run.target().service().limits().brief().toMillis();
    return HeldStream.untilContent(stream, progress -> true, run.cancellation())
        .toCompletableFuture()
        .completeOnTimeout(null, patience, TimeUnit.MILLISECONDS)
        .thenAccept(
            heard -> {
              if (heard == null) stream.cancel();
              else exchange.setVariable("joined", true);
              exchange.getMessage().setBody(heard);
            });
  }

  /**
   * Notes a failure. If it was to end, the operation becomes {@code cancel}, so that the service is
   * told as well, with a cancellation of its own.
   */
  public void failed(Exchange exchange) {
    var run = run(exchange);
    run.failed(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class));
    run.handle(exchange.getVariable("handle", String.class));
    if (exchange.getVariable("rejoins") != null) run.rejoins();
    if (exchange.getVariable("events") instanceof AnswerStream<?> events) events.cancel();
    if (run.ending() == null || run.ending() == JobRun.Ending.SHUTDOWN) return;
    exchange.setVariable("cancelled", run.job().type());
    exchange.setVariable("operation", "cancel");
    exchange.setProperty(Cancellation.PROPERTY, new Cancellation());
    exchange.getMessage().removeHeaders("*");
    exchange.getMessage().setBody(exchange.getVariable("request"));
    var service = run.target().service();
    if (!Capability.has(service, "cancel")) Capability.refuse(service, "cancel");
  }

  /** The service was not, or could not be, told to end it. */
  public void notStopped(Exchange exchange) {
    var run = run(exchange);
    var cause = Wrapped.cause(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class));
    var service = run.target().service();
    var why =
        cause instanceof GatewayException.NotSupported
            ? "it cannot be told to (LoadModelCancel)"
            : run.target().discreet(OpenAiErrors.render(cause)).message();
    run.note(
        "The service `%s` may go on with it: %s."
            .formatted(service.name(), why.replaceFirst("\\.$", "")));
  }

  /** The service, whose models may be others now: it is asked, and no more is to be ended. */
  public Service service(Exchange exchange) {
    exchange.removeVariable("cancelled");
    return run(exchange).target().service();
  }

  private static JobRun run(Exchange exchange) {
    return exchange.getProperty(RUN, JobRun.class);
  }

  /** Listens to progress. */
  private static final class Follower implements AnswerStream.Listener<ObjectNode> {
    private final JobRun run;
    private final AnswerStream<ObjectNode> stream;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private boolean began;

    Follower(JobRun run, AnswerStream<ObjectNode> stream) {
      this.run = run;
      this.stream = stream;
    }

    @Override
    public void next(ObjectNode progress) {
      if (ended.isDone()) return;
      if (!began) stream.began();
      began = true;
      run.progress(progress);
    }

    /** Events of a service go on for ever, so the source is ended too. */
    @Override
    public void end() {
      stream.cancel();
      ended.complete(null);
    }

    @Override
    public void fail(Throwable cause) {
      ended.completeExceptionally(cause);
    }

    void cancel() {
      stream.cancel();
      ended.completeExceptionally(new GatewayException.Cancelled());
    }
  }
}
