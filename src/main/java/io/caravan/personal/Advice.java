package io.caravan.personal;

import io.caravan.catalog.Service;
import io.caravan.errors.GatewayException;
import io.caravan.errors.GatewayException.UpstreamFailed;
import io.caravan.errors.OpenAiErrors;
import io.caravan.routing.Target;

/** What a user can do about a service that does not answer as it should. Pure. */
final class Advice {

  /** Also what an error inside of a successful answer counts as; LM Studio has them. */
  private static final int WITHIN = 502;

  private Advice() {}

  /** Whether something answers that may be another kind of service. */
  static boolean isStrange(Throwable failure) {
    if (failure instanceof UpstreamFailed refused) {
      int status = refused.error().status();
      return (status < 500 || status == WITHIN) && status != 429 && !isAboutKey(status);
    }
    return failure instanceof GatewayException.BadAnswer;
  }

  /** One or two sentences for the user whose service it is; no key is ever in them. */
  static String on(Throwable failure, Service service) {
    var title = service.provider().title();
    var url = service.urls().isEmpty() ? title : service.urls().get(0);
    if (failure instanceof GatewayException.Unreachable) {
      return unreachable(failure.getMessage(), title, url);
    }
    if (failure instanceof GatewayException.TimedOut) {
      return ("%s did not answer within the time limit (timeout). Check that %s runs there and that"
              + " no firewall is in between.")
          .formatted(url, title);
    }
    if (failure instanceof UpstreamFailed refused) {
      return refused(refused.error().status(), discreet(failure, service), service, title, url);
    }
    if (failure instanceof GatewayException.BadAnswer) {
      return "%s answers, but not like %s. Check the address and the backend type."
          .formatted(url, title);
    }
    return discreet(failure, service);
  }

  private static String unreachable(String reason, String title, String url) {
    if (reason.contains("refused")) {
      return "Connection refused: nothing listens at %s. Start %s there, or correct the address."
          .formatted(url, title);
    }
    if (reason.contains("host name")) {
      return "The host of %s is not known. Check the address.".formatted(url);
    }
    if (reason.contains("TLS")) {
      return "No secure connection to %s: its certificate is not valid, or it speaks http instead of https."
          .formatted(url);
    }
    return "%s could not be reached: the connection was closed. Check the address, and whether it needs https."
        .formatted(url);
  }

  private static String refused(
      int status, String said, Service service, String title, String url) {
    if (isAboutKey(status)) {
      return service.apiKey() == null
          ? "%s wants an API key (status %d). Enter one.".formatted(title, status)
          : "%s refused the API key (status %d). Check it.".formatted(title, status);
    }
    if (status == 404 || status == 405) {
      return ("%s answers, but its model list is not where %s has it (status %d, not found). Give the"
              + " address without a path, and check the backend type.")
          .formatted(url, title, status);
    }
    if (status == 429) return title + " says that there were too many requests; try again later.";
    if (status == WITHIN) {
      return "%s answers, but not like %s: %s Check the address and the backend type."
          .formatted(url, title, sentence(said));
    }
    return "%s answered with status %d: %s".formatted(title, status, said);
  }

  private static String sentence(String said) {
    return said.matches("(?s).*[.!?…]") ? said : said + ".";
  }

  private static boolean isAboutKey(int status) {
    return status == 401 || status == 403;
  }

  private static String discreet(Throwable failure, Service service) {
    return Target.of(service, null).discreet(OpenAiErrors.render(failure)).message();
  }
}
