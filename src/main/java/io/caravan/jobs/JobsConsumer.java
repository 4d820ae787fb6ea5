package io.caravan.jobs;

import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;

/** Hands jobs to their route. */
final class JobsConsumer extends DefaultConsumer {

  private final Jobs jobs;

  JobsConsumer(JobsEndpoint endpoint, Processor processor, Jobs jobs) {
    super(endpoint, processor);
    this.jobs = jobs;
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    jobs.runner().attach(this);
  }

  /** Starts the route; the run hears of its end. */
  void start(JobRun run) {
    var exchange = createExchange(false);
    exchange.setProperty(JobSteps.RUN, run);
    getAsyncProcessor()
        .process(
            exchange,
            doneSync -> {
              if (exchange.getException() != null) run.failed(exchange.getException());
              run.routeEnded().complete(null);
              releaseExchange(exchange, false);
            });
  }
}
