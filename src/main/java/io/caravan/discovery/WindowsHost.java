package io.caravan.discovery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The Windows machine around a Linux in WSL, where most people's Ollama or LM Studio runs. In WSL's
 * usual network it is the default gateway, and often the name server.
 *
 * @see <a href="https://learn.microsoft.com/windows/wsl/networking">Networking of WSL</a>
 */
final class WindowsHost {

  private static final Pattern NAME_SERVER = Pattern.compile("(?m)^nameserver\\s+([0-9.]+)\\s*$");
  private static final Pattern DEFAULT_ROUTE =
      Pattern.compile("(?m)^\\S+\\s+00000000\\s+([0-9A-Fa-f]{8})\\s");

  private WindowsHost() {}

  /**
   * Its likely addresses; none if this is no WSL.
   *
   * @param root the file system's root, where {@code proc} and {@code etc} are
   */
  static Set<String> addresses(Path root) {
    var addresses = new LinkedHashSet<String>();
    var kernel = text(root.resolve("proc/version")).toLowerCase(Locale.ROOT);
    if (!kernel.contains("microsoft")) return addresses;
    var route = DEFAULT_ROUTE.matcher(text(root.resolve("proc/net/route")));
    if (route.find()) addresses.add(address(route.group(1)));
    var server = NAME_SERVER.matcher(text(root.resolve("etc/resolv.conf")));
    if (server.find() && !server.group(1).startsWith("127.")) addresses.add(server.group(1));
    return addresses;
  }

  /** The kernel writes it as a little-endian number. */
  private static String address(String hex) {
    long number = Long.parseLong(hex, 16);
    return "%d.%d.%d.%d"
        .formatted(number & 255, number >> 8 & 255, number >> 16 & 255, number >> 24 & 255);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException absent) {
      return "";
    }
  }
}
