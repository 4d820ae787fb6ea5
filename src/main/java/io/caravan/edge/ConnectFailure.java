package io.caravan.edge;

import io.caravan.errors.GatewayException;
import io.caravan.routing.Target;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/** Why a service could not be reached, in words that name no address. */
final class ConnectFailure {

  private ConnectFailure() {}

  /**
   * @param sent whether the request may have arrived over another connection before
   */
  static GatewayException of(Target target, Throwable cause, boolean sent) {
    var service = "The service `" + target.service().name() + "` ";
    if (cause instanceof ConnectionPoolTooBusyException) {
      return new GatewayException.Unavailable(service + "has too many calls waiting.", 1);
    }
    if (cause instanceof TimeoutException || cause.getClass().getSimpleName().contains("Timeout")) {
      return new GatewayException.TimedOut(
          service + "could not be reached within " + inSeconds(target.limits().connect()) + ".");
    }
    return new GatewayException.Unreachable(
        service + "could not be reached: " + reason(cause) + ".", sent);
  }

  static GatewayException closedEarly(Target target) {
    return new GatewayException.Unreachable(
        "The service `%s` closed the connection before it had answered."
            .formatted(target.service().name()));
  }

  /** The name led to an address that the guard of URLs does not allow. */
  static GatewayException forbidden(Target target) {
    return new GatewayException.Unreachable(
        "The service `%s` is at an address that Caravan must not call for you."
            .formatted(target.service().name()),
        false);
  }

  /** A duration for people: {@code 2 s}, {@code 0.5 s}. */
  static String inSeconds(Duration duration) {
    long millis = duration.toMillis();
    return (millis % 1000 == 0 ? String.valueOf(millis / 1000) : String.valueOf(millis / 1000.0))
        + " s";
  }

  private static String reason(Throwable cause) {
    for (var at = cause; at != null; at = at.getCause()) {
      if (at instanceof UnknownHostException) return "its host name is not known";
      if (at instanceof SSLException) return "the TLS handshake failed";
      if (at instanceof ConnectException) return "the connection was refused";
    }
    return "the connection failed";
  }
}
