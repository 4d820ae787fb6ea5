package io.caravan.access;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Counts different wrong keys by the address that they come from. The same wrong key again is most
 * likely a program with an old one, not somebody who guesses: it does not count.
 */
final class FailedAttempts {

  private static final long WINDOW_NANOS = 60_000_000_000L;
  private static final int MOST_ADDRESSES = 10_000;

  private final int most;
  private final Map<String, Window> windows =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Window> eldest) {
          return size() > MOST_ADDRESSES;
        }
      };

  /** A minute of one address. */
  private static final class Window {
    private final long began;
    private final Set<Integer> tried = new HashSet<>();

    Window(long began) {
      this.began = began;
    }
  }

  /**
   * @param most different wrong keys in a minute; 0 for no limit
   */
  FailedAttempts(int most) {
    this.most = most;
  }

  /** Notes a wrong key by its hash. */
  synchronized void note(String address, byte[] hash, long now) {
    if (most == 0) return;
    var window = windows.get(network(address));
    if (window == null || now - window.began >= WINDOW_NANOS) {
      window = new Window(now);
      windows.put(network(address), window);
    }
    if (window.tried.size() < most) window.tried.add(Arrays.hashCode(hash));
  }

  /** Seconds for which the address gets no further attempt, 0 if it may try. */
  synchronized int blockedSeconds(String address, long now) {
    var window = windows.get(network(address));
    if (window == null || window.tried.size() < most) return 0;
    long left = window.began + WINDOW_NANOS - now;
    return left <= 0 ? 0 : (int) ((left + 999_999_999) / 1_000_000_000);
  }

  /** One household of IPv6 has 2^64 addresses. */
  private static String network(String address) {
    if (address.indexOf(':') < 0) return address;
    try {
      var bytes = InetAddress.getByName(address.replaceFirst("%.*", "")).getAddress();
      return HexFormat.of().formatHex(bytes, 0, Math.min(8, bytes.length));
    } catch (UnknownHostException e) {
      return address;
    }
  }
}
