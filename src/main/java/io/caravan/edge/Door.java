package io.caravan.edge;

import io.caravan.access.Access;
import io.caravan.access.Client;
import io.caravan.access.Entrance;
import io.caravan.errors.GatewayException;
import io.caravan.errors.GatewayException.Refused;
import io.caravan.errors.OpenAiErrors;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/**
 * Who may come in. Every request passes here before it is known whether there is a route for it, so
 * that no route can be forgotten; a route then has its own {@link Entrance}.
 */
final class Door {

  private static final String API_KEY = "x-api-key";

  /** How much of a body that nobody wants is read over to keep the connection. */
  private static final long LITTLE_BYTES = 64 << 10;

  private final Access access;
  private final BrowserGate gate;

  Door(Access access) {
    this.access = access;
    gate = new BrowserGate(access.origins());
  }

  /** Has the router ask for keys, if they are wanted; to be called before any route is there. */
  void install(Router router) {
    if (access.isRequired()) router.route().handler(this::identify);
  }

  /** Whether the request may go on as far as browsers are concerned; else it is answered. */
  boolean passes(HttpServerRequest request) {
    return gate.passes(request);
  }

  /** The key is asked for even where no route is, so that nobody learns which paths there are. */
  private void identify(RoutingContext ctx) {
    Entrance entrance;
    try {
      entrance = Entrance.of(ctx.normalizedPath());
    } catch (IllegalArgumentException e) { // a percent sign with no two digits behind it
      ctx.fail(400);
      return;
    }
    if (entrance == Entrance.OPEN) {
      ctx.next();
      return;
    }
    var request = ctx.request();
    try {
      var client =
          access
              .check()
              .client(
                  request.getHeader(HttpHeaders.AUTHORIZATION),
                  request.getHeader(API_KEY),
                  request.remoteAddress().hostAddress());
      ctx.put(Client.VARIABLE, client);
    } catch (GatewayException e) {
      answer(request, e);
      return;
    }
    ctx.next();
  }

  /** Whether a route of this entrance is not for everyone. */
  boolean guards(Entrance entrance) {
    return access.isRequired() && entrance != Entrance.OPEN;
  }

  /**
   * Whether the call may go on to a guarded route of this entrance; else it is answered.
   *
   * @param running whether it counts among the client's running calls; if it does and may go on,
   *     {@link #leave} must follow
   */
  boolean admits(RoutingContext ctx, Entrance entrance, boolean running) {
    try {
      Client client = ctx.get(Client.VARIABLE);
      if (client == null) throw Refused.unknown("You didn't provide an API key.");
      if (!entrance.admits(client)) {
        throw Refused.forbidden(
            "This is for admins; your API key is a client's.", "admin_required");
      }
      if (running) access.throttle().begin(client);
      else access.throttle().admit(client);
      return true;
    } catch (GatewayException e) {
      answer(ctx.request(), e);
      return false;
    }
  }

  /** A call that was admitted is over. */
  void leave(Client client) {
    access.throttle().ended(client);
  }

  /** Answers in the place of a route. */
  static void answer(HttpServerRequest request, GatewayException failure) {
    var error = OpenAiErrors.render(failure);
    var answer = request.response().setStatusCode(error.status());
    answer.putHeader("Content-Type", "application/json");
    error.headers().forEach(answer::putHeader);
    if (isLong(request)) EdgeErrors.closeSoon(request);
    answer.end(Buffer.buffer(error.body()));
  }

  private static boolean isLong(HttpServerRequest request) {
    if (request.headers().contains(HttpHeaders.TRANSFER_ENCODING)) return true;
    var length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return length != null && (length.length() > 9 || Long.parseLong(length) > LITTLE_BYTES);
  }
}
