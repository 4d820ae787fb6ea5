package io.caravan.access;

import io.caravan.settings.Configuration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which hosts a request may name and which pages of others may call. A page cannot forge either
 * header, so this keeps pages out that found a way to this machine: by a name of theirs that leads
 * to it (DNS rebinding), or by a request that browsers send without asking first.
 *
 * @param hosts names that Caravan goes by, in small letters; null if any will do
 * @param pages origins of pages that may call, in small letters; {@code *} for all
 */
public record Origins(Set<String> hosts, Set<String> pages) {

  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|.+\\.localhost|127(\\.\\d{1,3}){3}|\\[::1]");

  private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");

  /**
   * As the settings have it.
   *
   * @param loopback whether Caravan listens on this machine alone
   * @param controlled whether callers must show keys
   */
  public static Origins of(Configuration configuration, boolean loopback, boolean controlled) {
    var hosts = list(configuration.get("caravan.server.allowed-hosts", ""));
    var pages = list(configuration.get("caravan.cors.origins", ""));
    if (pages.contains("*") && !controlled) {
      throw new IllegalArgumentException(
          "caravan.cors.origins must name pages, since * would let every web page use Caravan"
              + " without a key; or set caravan.access.required");
    }
    return new Origins(loopback || !hosts.isEmpty() ? hosts : null, pages);
  }

  private static Set<String> list(String text) {
    return Stream.of(text.split(","))
        .map(each -> each.strip().toLowerCase(Locale.ROOT).replaceFirst("/$", ""))
        .filter(each -> !each.isEmpty())
        .collect(Collectors.toCollection(HashSet::new));
  }

  /**
   * Whether Caravan goes by this name.
   *
   * @param host the header; null, which no browser sends, is as good
   */
  public boolean knows(String host) {
    if (hosts == null || host == null) return true;
    var name = host.toLowerCase(Locale.ROOT);
    int port = name.lastIndexOf(':');
    if (port > name.lastIndexOf(']')) name = name.substring(0, port);
    boolean usual = name.equals("127.0.0.1") || name.equals("localhost");
    return usual || LOOPBACK.matcher(name).matches() || hosts.contains(name) || hosts.contains("*");
  }

  /** Whether a page of this origin may read answers. */
  public boolean mayRead(String origin) {
    return !pages.isEmpty()
        && (pages.contains("*") || pages.contains(origin.toLowerCase(Locale.ROOT)));
  }

  /**
   * Whether a request comes from a page of somebody else's and would change something.
   *
   * @param origin the header, null if the request has none
   */
  public boolean isForeign(String method, String origin, String host) {
    if (origin == null || READS.contains(method) || mayRead(origin)) return false;
    return !bare(origin.toLowerCase(Locale.ROOT)).equals(bare(host));
  }

  /** Host and port, without what is a matter of course. */
  private static String bare(String origin) {
    if (origin == null) return "";
    var host = origin.toLowerCase(Locale.ROOT);
    if (host.startsWith("http://")) return host.substring(7).replaceFirst(":80$", "");
    if (host.startsWith("https://")) return host.substring(8).replaceFirst(":443$", "");
    return host.replaceFirst(":(80|443)$", "");
  }
}
