package io.caravan.access;

import java.net.IDN;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The host of a URL, as it is looked up: resolvers make ASCII of other scripts' letters, digits and
 * full stops (RFC 3490), so that {@code ①} is 1 to them.
 *
 * @param name in small ASCII letters, without brackets and the root's full stop
 * @param ascii whether it was written in ASCII
 */
record Host(String name, boolean ascii) {

  private static final Set<String> METADATA_NAMES =
      Set.of("metadata", "metadata.google.internal", "metadata.goog", "instance-data");

  private static final Pattern LITERAL_V4 =
      Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(?:\\.(?!$)|$)){4}");

  /** What some resolvers take for an address: 2130706433, 0x7f000001, 0177.0.0.1, 127.1. */
  private static final Pattern ODD_V4 =
      Pattern.compile("(0x[0-9a-f]*|\\d+)(\\.(0x[0-9a-f]*|\\d+)){0,3}");

  private static final Pattern V6 = Pattern.compile("\\[([0-9a-f:.]+)]");
  private static final Pattern NAME = Pattern.compile("[a-z0-9_-]+(?:\\.[a-z0-9_-]+)*");

  /**
   * Reads it; an IPv6 address stands in brackets.
   *
   * @throws IllegalArgumentException if it is none
   */
  static Host of(String written) {
    var small = written.toLowerCase(Locale.ROOT);
    var v6 = V6.matcher(small);
    if (v6.matches()) return new Host(v6.group(1), true);
    boolean ascii = written.chars().allMatch(each -> each < 128);
    var name =
        (ascii ? small : IDN.toASCII(small).toLowerCase(Locale.ROOT)).replaceFirst("\\.$", "");
    if (NAME.matcher(name).matches()) return new Host(name, ascii);
    throw new IllegalArgumentException("'" + written + "' is no host");
  }

  boolean isMetadata() {
    return METADATA_NAMES.contains(name);
  }

  /** Whether it is an address in its usual notation. */
  boolean isAddress() {
    return name.indexOf(':') >= 0 || LITERAL_V4.matcher(name).matches();
  }

  /** Whether it is an address in a notation that not everybody knows. */
  boolean isOddAddress() {
    return ODD_V4.matcher(name).matches() && !isAddress();
  }
}
