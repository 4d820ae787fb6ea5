package io.caravan.settings;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;

/**
 * Where the gateway listens. Looked at before anything is started: Camel's server notes a port that
 * is taken in the log only, and goes on without one (4.18.0, {@code VertxPlatformHttpServer}).
 */
public record ListenAddress(String host, int port) {

  private static final String HOST = "caravan.server.host";
  private static final String PORT = "caravan.server.port";
  private static final int HIGHEST_PORT = 65_535;

  /**
   * The configured address, with a free port in place of port 0.
   *
   * @throws IllegalArgumentException if it is no address
   * @throws IOException if nobody can listen there
   */
  public static ListenAddress of(Configuration configuration) throws IOException {
    var host = configuration.get(HOST, "127.0.0.1");
    double port = configuration.number(PORT, 0);
    if (port > HIGHEST_PORT || port != Math.rint(port)) {
      throw new IllegalArgumentException(
          PORT + " must be a port, but is " + configuration.get(PORT));
    }
    return new ListenAddress(host, free(host, (int) port));
  }

  /** The configuration with this address in it. */
  public Configuration in(Configuration configuration) {
    return configuration.with(HOST, host).with(PORT, String.valueOf(port));
  }

  private static int free(String host, int port) throws IOException {
    try (var socket = new ServerSocket(port, 1, InetAddress.getByName(host))) {
      return socket.getLocalPort();
    } catch (UnknownHostException e) {
      throw new IOException("the host '" + host + "' is not known", e);
    } catch (BindException e) {
      throw new IOException(
          "cannot listen on %s, port %d: %s; is Caravan running already? --port takes another"
              .formatted(host, port, e.getMessage()),
          e);
    }
  }
}
