package io.caravan.catalog;

import io.caravan.settings.Configuration;
import java.util.Set;

/**
 * Where Caravan itself listens. LocalAI and llama-server have the same usual port: asked there for
 * its models, Caravan would answer itself and list its own models as a service's.
 */
public record OwnAddress(String host, int port) {

  /** What is said of a service at that address. */
  static final String SAID = "its URL is the address at which Caravan itself listens";

  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "::1", "0.0.0.0");

  /** As the settings have it. */
  public static OwnAddress of(Configuration configuration) {
    return new OwnAddress(
        configuration.get("caravan.server.host", "127.0.0.1"),
        (int) configuration.number("caravan.server.port", 8080));
  }

  /** Whether a URL leads there. */
  public boolean is(String url) {
    var base = BaseUrl.of(url);
    return base.port() == port && (LOOPBACK.contains(base.host()) || base.host().equals(host));
  }
}
