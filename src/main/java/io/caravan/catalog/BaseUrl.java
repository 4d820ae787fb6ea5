package io.caravan.catalog;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A service's base URL, taken apart. {@link java.net.URI} knows no host with an underscore, which
 * Docker's names have.
 *
 * @param tls whether it is https
 * @param host a name or an address, an IPv6 one without brackets
 * @param path without a slash at its end; empty for none
 */
public record BaseUrl(boolean tls, String host, int port, String path) {

  private static final Pattern FORM =
      Pattern.compile(
          "((?i:https?))://(\\[[0-9a-fA-F:.]+]|[^\\s:/?#@\\[\\]]+)(?::(\\d{1,5}))?(/[^\\s?#]*)?");

  /**
   * Reads a URL.
   *
   * @throws IllegalArgumentException if it is no http or https URL, or holds a user, query or
   *     fragment
   */
  public static BaseUrl of(String url) {
    if (url.indexOf('@') >= 0) {
      throw new IllegalArgumentException("a URL must not hold a user or a password");
    }
    var parts = FORM.matcher(url);
    if (!parts.matches()) {
      throw new IllegalArgumentException("'" + url + "' is no http or https URL");
    }
    boolean tls = parts.group(1).equalsIgnoreCase("https");
    int usual = tls ? 443 : 80;
    int port = parts.group(3) == null ? usual : Integer.parseInt(parts.group(3));
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("'" + url + "' has no port from 1 to 65535");
    }
    var path = parts.group(4) == null ? "" : parts.group(4).replaceFirst("/+$", "");
    return new BaseUrl(tls, parts.group(2).replaceAll("[\\[\\]]", ""), port, path);
  }

  /** Scheme, host and port: who it is that gets what is sent. */
  public String origin() {
    return (tls ? "https://" : "http://") + host.toLowerCase(Locale.ROOT) + ":" + port;
  }
}
