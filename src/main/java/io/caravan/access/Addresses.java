package io.caravan.access;

import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Which addresses a URL must not lead to. */
final class Addresses {

  /** Nobody's service: this-host, link-local with the clouds' metadata, multicast, broadcast. */
  private static final List<Range> NEVER =
      Range.all(
          "0.0.0.0/8",
          "169.254.0.0/16",
          "224.0.0.0/4",
          "240.0.0.0/4", // reserved and broadcast
          "100.100.100.200/32", // Alibaba Cloud's metadata
          "168.63.129.16/32", // Azure's wire server
          "192.0.0.192/32", // Oracle Cloud's metadata, before it moved
          "::/128",
          "fe80::/10",
          "ff00::/8",
          "fd00:ec2::/32"); // the last is AWS' metadata

  /** The machine itself and the networks around it. */
  private static final List<Range> NEAR =
      Range.all(
          "127.0.0.0/8",
          "10.0.0.0/8",
          "172.16.0.0/12",
          "192.168.0.0/16",
          "100.64.0.0/10",
          "192.0.0.0/24",
          "198.18.0.0/15",
          "::1/128",
          "fc00::/7",
          "fec0::/10");

  /** IPv6 addresses that stand for an IPv4 one, and the byte at which that begins. */
  private static final List<Embedding> EMBEDDINGS =
      List.of(
          new Embedding(Range.of("::ffff:0:0:0/96"), 12), // SIIT
          new Embedding(Range.of("::/96"), 12),
          new Embedding(Range.of("64:ff9b::/96"), 12), // NAT64
          new Embedding(Range.of("2002::/16"), 2)); // 6to4

  private record Embedding(Range range, int at) {}

  private Addresses() {}

  /** Whether nobody may name it. */
  static boolean isNever(InetAddress address) {
    return isIn(NEVER, address);
  }

  /** Whether only admins may name it. */
  static boolean isNear(InetAddress address) {
    return isIn(NEAR, address);
  }

  private static boolean isIn(List<Range> ranges, InetAddress address) {
    var bytes = address.getAddress();
    if (ranges.stream().anyMatch(range -> range.has(bytes))) return true;
    if (address instanceof Inet4Address || address.isLoopbackAddress()) return false;
    for (var embedding : EMBEDDINGS) {
      if (embedding.range.has(bytes)) return isIn(ranges, inner(bytes, embedding.at));
    }
    return false;
  }

  private static InetAddress inner(byte[] bytes, int at) {
    try {
      return InetAddress.getByAddress(java.util.Arrays.copyOfRange(bytes, at, at + 4));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }

  /** A block of addresses. */
  private record Range(BigInteger network, int length, int bits) {

    static List<Range> all(String... blocks) {
      return java.util.Arrays.stream(blocks).map(Range::of).toList();
    }

    static Range of(String block) {
      var parts = block.split("/");
      try {
        var bytes = literal(parts[0]);
        int bits = Integer.parseInt(parts[1]);
        return new Range(prefix(bytes, bits), bytes.length, bits);
      } catch (UnknownHostException e) {
        throw new IllegalArgumentException(block, e);
      }
    }

    /** Java makes an IPv4 address of a mapped one; as a block it must stay IPv6. */
    private static byte[] literal(String text) throws UnknownHostException {
      return InetAddress.getByName(text).getAddress();
    }

    private static BigInteger prefix(byte[] bytes, int bits) {
      return new BigInteger(1, bytes).shiftRight(bytes.length * 8 - bits);
    }

    boolean has(byte[] address) {
      return address.length == length && prefix(address, bits).equals(network);
    }
  }
}
