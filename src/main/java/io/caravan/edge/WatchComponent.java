package io.caravan.edge;

import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.support.CamelContextHelper;
import org.apache.camel.support.DefaultComponent;

/**
 * {@code upstream-watch:/path}: a stream of what goes on at a service, which the service tells over
 * a WebSocket ({@code socket=true}) or when it is asked again and again ({@code every=1000}, in
 * milliseconds). Parks no thread.
 */
public final class WatchComponent extends DefaultComponent {

  private UpstreamClients clients;
  private WebSocketClient verifying;
  private WebSocketClient trusting;

  @Override
  protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
    boolean socket = Boolean.parseBoolean(take(parameters, "socket", "false"));
    long every = Long.parseLong(take(parameters, "every", "1000"));
    return new WatchEndpoint(uri, this, "/" + remaining.replaceFirst("^/+", ""), socket, every);
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    var vertx = CamelContextHelper.mandatoryFindSingleByType(getCamelContext(), Vertx.class);
    clients = new UpstreamClients(vertx);
    verifying = vertx.createWebSocketClient(new WebSocketClientOptions());
    trusting =
        vertx.createWebSocketClient(
            new WebSocketClientOptions().setTrustAll(true).setVerifyHost(false));
  }

  @Override
  protected void doStop() throws Exception {
    clients.close();
    verifying.close();
    trusting.close();
    super.doStop();
  }

  UpstreamClients clients() {
    return clients;
  }

  WebSocketClient sockets(boolean verifyCert) {
    return verifyCert ? verifying : trusting;
  }

  private static String take(Map<String, Object> parameters, String name, String otherwise) {
    Object value = parameters.remove(name);
    return value == null ? otherwise : value.toString();
  }
}
