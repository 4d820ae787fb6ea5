package io.caravan.edge;

import io.caravan.settings.Configuration;
import java.time.Duration;

/**
 * How the edge listens.
 *
 * @param port 0 for any that is free
 * @param maxBodyBytes the largest request body
 * @param limits how long clients may keep a connection waiting
 * @param loops event loops that share the connections; 1 if the port is 0
 * @param onLoopBytes requests with bodies up to this size run on their event loop, larger ones on a
 *     worker thread, because parsing them would keep others waiting; -1 for none
 * @param certificate null for plain HTTP
 */
public record ServerOptions(
    String host,
    int port,
    long maxBodyBytes,
    ClientLimits limits,
    int loops,
    int onLoopBytes,
    Certificate certificate) {

  private static final int ON_LOOP_BYTES = 64 << 10;

  /** Plain HTTP; connections may be silent for a time while it is the client's turn. */
  public ServerOptions(
      String host, int port, long maxBodyBytes, Duration idle, int loops, int onLoopBytes) {
    this(host, port, maxBodyBytes, ClientLimits.idling(idle), loops, onLoopBytes, null);
  }

  /**
   * The gateway's options.
   *
   * @param onLoops whether routes may run on event loops, since none of them blocks
   */
  public static ServerOptions of(Configuration configuration, boolean onLoops) {
    configuration.number("caravan.server.shutdown-timeout-sec", 30); // Camel takes any word for it
    return new ServerOptions(
        configuration.get("caravan.server.host"),
        (int) configuration.number("caravan.server.port", 0),
        (long) configuration.number("caravan.server.max-body-size", 32 << 20),
        ClientLimits.of(configuration),
        Runtime.getRuntime().availableProcessors(),
        onLoops ? ON_LOOP_BYTES : -1,
        Certificate.of(configuration));
  }
}
