package io.caravan.access;

import io.caravan.errors.GatewayException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Locale;

/**
 * Decides where Caravan may be sent. Nobody may send it to a cloud's metadata, to this-host or
 * link-local addresses; only admins to this machine and the networks around it, where local
 * runtimes are. A name is judged by all of its addresses, when it is configured and again by the
 * address that is really connected to.
 */
public final class UrlGuard {

  /** Finds the addresses of a host; it may block. */
  public interface Resolver {
    /** All addresses of the name, at least one. */
    InetAddress[] addresses(String host) throws UnknownHostException;
  }

  private final Resolver resolver;
  private final String field;

  public UrlGuard() {
    this(InetAddress::getAllByName);
  }

  public UrlGuard(Resolver resolver) {
    this(resolver, "url");
  }

  private UrlGuard(Resolver resolver, String field) {
    this.resolver = resolver;
    this.field = field;
  }

  /** The same guard for a field of another name than {@code url}, which its refusals name. */
  public UrlGuard forField(String name) {
    return new UrlGuard(resolver, name);
  }

  /**
   * Looks at a URL that somebody configures or that a server leads to. A name is resolved, so this
   * may block; one that has no address now passes, since the connection is looked at too.
   *
   * @param admin whether addresses of this machine and its networks are allowed
   * @throws GatewayException.InvalidRequest naming the field and the remedy
   */
  public void check(URI url, boolean admin) {
    var read = host(url);
    var host = read.name();
    if (read.isMetadata()) throw never(host);
    if (read.isOddAddress()) {
      throw refused("writes an address as no other program does; write it as four numbers", url);
    }
    if (!read.ascii()) throw refused("must name its host in ASCII, as '" + host + "'", url);
    try {
      for (var address : resolver.addresses(host)) check(host, address, admin);
    } catch (UnknownHostException e) {
      boolean near = host.equals("localhost") || host.endsWith(".localhost");
      if (near && !admin) throw near(host);
    }
  }

  /** Where a URL may lead. */
  public enum Reach {
    /** To an address that nobody may name. */
    NEVER,
    /** To this machine or the networks around it. */
    NEAR,
    /** Elsewhere, or to a name, which is judged by the address that is connected to. */
    FAR
  }

  /** Where a host leads that is written as an address. */
  public static Reach reach(String host) {
    var text = host.indexOf(':') < 0 ? host : "[" + host.replaceFirst("%.*", "") + "]";
    try {
      var read = Host.of(text);
      return read.isAddress() ? reach(InetAddress.getByName(read.name())) : Reach.FAR;
    } catch (UnknownHostException | IllegalArgumentException e) {
      return Reach.NEVER;
    }
  }

  /** Where a connection leads. */
  public static Reach reach(InetAddress address) {
    if (Addresses.isNever(address)) return Reach.NEVER;
    return Addresses.isNear(address) ? Reach.NEAR : Reach.FAR;
  }

  private void check(String host, InetAddress address, boolean admin) {
    if (Addresses.isNever(address)) throw never(host);
    if (!admin && Addresses.isNear(address)) throw near(host);
  }

  /** The host of a URL that is one. */
  private Host host(URI url) {
    var scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw refused("must begin with http:// or https://", url);
    }
    var authority = url.getRawAuthority();
    if (authority == null) throw refused("has no host", url);
    if (authority.indexOf('@') >= 0) throw refused("must not hold a user or a password", url);
    if (url.getPort() == 0 || url.getPort() > 65535) {
      throw refused("must have a port from 1 to 65535", url);
    }
    try {
      return Host.of(authority.replaceFirst(":\\d*$", ""));
    } catch (IllegalArgumentException e) {
      throw refused("has no host that can be looked up", url);
    }
  }

  private GatewayException never(String host) {
    return invalid(
        "leads to '%s', an address that Caravan never calls (cloud metadata, link-local, 0.0.0.0 or multicast)"
            .formatted(host));
  }

  private GatewayException near(String host) {
    return invalid(
        "leads to '%s', an address of this machine or its network, which only admins may use"
            .formatted(host));
  }

  private GatewayException refused(String what, URI url) {
    var shown = url.toString().replaceFirst("//[^/@]*@", "//…@");
    return invalid(what + ", but is '" + shown.replaceFirst("(?s)(?<=^.{200}).+", "") + "'");
  }

  private GatewayException invalid(String what) {
    return new GatewayException.InvalidRequest(
        "The URL in '%s' %s.".formatted(field, what), field, "url_not_allowed");
  }
}
