package io.caravan.jobs;

import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;

/** {@code jobs:due}: a route that begins so gets each job that this node is to run. */
public final class JobsComponent extends DefaultComponent {

  private final Jobs jobs;

  public JobsComponent(Jobs jobs) {
    this.jobs = jobs;
  }

  @Override
  protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
    return new JobsEndpoint(uri, this);
  }

  Jobs jobs() {
    return jobs;
  }
}
