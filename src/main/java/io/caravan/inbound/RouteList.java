package io.caravan.inbound;

import io.caravan.access.Entrance;
import io.caravan.json.Json;
import java.util.Comparator;
import java.util.Locale;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;

/** The paths that this very process answers, and who may enter by each: {@code GET /api/routes}. */
public final class RouteList {

  /** Body of the answer, by path. */
  public byte[] list(Exchange exchange) {
    var page = Json.object().put("object", "list");
    var data = page.putArray("data");
    exchange.getContext().getRoutes().stream()
        .filter(route -> route.getEndpoint() instanceof PlatformHttpEndpoint)
        .sorted(Comparator.comparing(route -> path(route)))
        .forEach(
            route ->
                data.addObject()
                    .put("id", route.getId())
                    .put("path", path(route))
                    .put("methods", endpoint(route).getHttpMethodRestrict())
                    .put("entrance", Entrance.of(path(route)).name().toLowerCase(Locale.ROOT))
                    .put("description", route.getDescription()));
    return Json.bytes(page);
  }

  private static String path(Route route) {
    return endpoint(route).getPath();
  }

  private static PlatformHttpEndpoint endpoint(Route route) {
    return (PlatformHttpEndpoint) route.getEndpoint();
  }
}
