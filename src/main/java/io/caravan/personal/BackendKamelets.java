package io.caravan.personal;

import io.caravan.catalog.Service;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The instances of Kamelets that speak for users' services. Address and key travel with each call,
 * so there is one for each provider, and one more for each set of a provider's own properties; of
 * those that nobody has asked for lately only a bounded number is kept.
 */
final class BackendKamelets {

  private static final Logger LOG = LoggerFactory.getLogger(BackendKamelets.class);
  private static final int MOST = 64;
  private static final int END_SECONDS = 30;

  private final Map<String, Boolean> made = new LinkedHashMap<>(16, 0.75f, true);

  /** Makes the instance for a service if it is not there. May block. */
  synchronized void make(CamelContext context, Service service) {
    if (made.put(service.endpoint(), true) != null) return;
    context.getEndpoint(service.endpoint());
    if (made.size() > MOST) end(context, made.keySet().iterator().next());
  }

  /** Calls that run in it end first, within a time; nobody waits for that. */
  private void end(CamelContext context, String uri) {
    made.remove(uri);
    var ending = new Thread(() -> remove(context, uri), "instance-end");
    ending.setDaemon(true);
    ending.start();
  }

  private static void remove(CamelContext context, String uri) {
    var route = uri.replaceFirst("\\?.*", "").replaceFirst(".*/", "");
    try {
      context.getRouteController().stopRoute(route, END_SECONDS, TimeUnit.SECONDS);
      context.removeRoute(route);
      context.removeEndpoints(context.getEndpoint(uri).getEndpointUri());
    } catch (Exception e) {
      LOG.warn("The instance {} was not ended: {}", route, e.getMessage());
    }
  }
}
