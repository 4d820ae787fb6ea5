package io.caravan.edge;

import io.caravan.catalog.BaseUrl;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;

/** A path below a service's base URL at which something can be watched. */
public final class WatchEndpoint extends DefaultEndpoint {

  private final String path;
  private final boolean socket;
  private final long everyMillis;

  WatchEndpoint(
      String uri, WatchComponent component, String path, boolean socket, long everyMillis) {
    super(uri, component);
    this.path = path;
    this.socket = socket;
    this.everyMillis = everyMillis;
  }

  @Override
  public Producer createProducer() {
    return new WatchProducer(this);
  }

  @Override
  public Consumer createConsumer(Processor processor) {
    throw new UnsupportedOperationException("upstream-watch: only watches services");
  }

  RequestOptions request(String baseUrl, Exchange exchange) {
    var at = BaseUrl.of(baseUrl);
    return new RequestOptions()
        .setMethod(HttpMethod.GET)
        .setSsl(at.tls())
        .setHost(at.host())
        .setPort(at.port())
        .setURI(at.path() + PathVariables.fill(path, exchange));
  }

  WatchComponent component() {
    return (WatchComponent) getComponent();
  }

  boolean socket() {
    return socket;
  }

  long everyMillis() {
    return everyMillis;
  }
}
