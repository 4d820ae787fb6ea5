package io.caravan.jobs;

import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;

/** Where the route of jobs begins. */
final class JobsEndpoint extends DefaultEndpoint {

  JobsEndpoint(String uri, JobsComponent component) {
    super(uri, component);
  }

  @Override
  public Producer createProducer() {
    throw new UnsupportedOperationException("a job is made by POST /jobs");
  }

  @Override
  public Consumer createConsumer(Processor processor) {
    return new JobsConsumer(this, processor, ((JobsComponent) getComponent()).jobs());
  }
}
