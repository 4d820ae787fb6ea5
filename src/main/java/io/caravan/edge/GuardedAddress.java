package io.caravan.edge;

import io.caravan.access.UrlGuard;
import io.caravan.access.UrlGuard.Reach;
import io.caravan.routing.Target;
import io.vertx.core.net.SocketAddress;
import java.net.UnknownHostException;

/**
 * Where a WebSocket may connect to. Its first bytes hold the service's key and leave before anybody
 * can look at the connection, so the name is resolved here and the address that was judged is the
 * one that is used.
 */
final class GuardedAddress {

  private final UrlGuard.Resolver resolver;

  GuardedAddress(UrlGuard.Resolver resolver) {
    this.resolver = resolver;
  }

  /**
   * The first address of a host; may block.
   *
   * @throws io.caravan.errors.GatewayException.Unreachable if it leads to where nobody may be sent
   */
  SocketAddress of(String host, int port, Target target) throws UnknownHostException {
    var addresses = resolver.addresses(host);
    for (var address : addresses) {
      if (UrlGuard.reach(address) == Reach.NEVER) throw ConnectFailure.forbidden(target);
    }
    return SocketAddress.inetSocketAddress(port, addresses[0].getHostAddress());
  }
}
