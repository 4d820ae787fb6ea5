package io.caravan.edge;

import io.vertx.core.Vertx;
import java.util.Map;
import java.util.StringJoiner;
import org.apache.camel.Endpoint;
import org.apache.camel.support.CamelContextHelper;
import org.apache.camel.support.DefaultComponent;

/**
 * {@code upstream:/path}: calls the exchange's target without parking a thread. The body goes as
 * JSON; the answer comes back as a JSON tree or as a running stream of events.
 */
public final class UpstreamComponent extends DefaultComponent {

  private UpstreamClients clients;

  @Override
  protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
    var method = take(parameters, "method", "POST");
    var keyHeader = take(parameters, "keyHeader", UpstreamEndpoint.AUTHORIZATION);
    boolean brief = Boolean.parseBoolean(take(parameters, "brief", "false"));
    boolean stream = Boolean.parseBoolean(take(parameters, "stream", "false"));
    var query = new StringJoiner("&", "?", "").setEmptyValue("");
    parameters.forEach((name, value) -> query.add(name + "=" + value));
    parameters.clear();
    var path = "/" + remaining.replaceFirst("^/+", "") + query;
    return new UpstreamEndpoint(uri, this, method, path, keyHeader, brief, stream);
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    var vertx = CamelContextHelper.mandatoryFindSingleByType(getCamelContext(), Vertx.class);
    clients = new UpstreamClients(vertx);
  }

  @Override
  protected void doStop() throws Exception {
    clients.close();
    super.doStop();
  }

  UpstreamClients clients() {
    return clients;
  }

  private static String take(Map<String, Object> parameters, String name, String otherwise) {
    Object value = parameters.remove(name);
    return value == null ? otherwise : value.toString();
  }
}
