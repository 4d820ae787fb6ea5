package io.caravan.web;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.Stream;

/**
 * One file of the page.
 *
 * @param type its media type
 * @param etag a strong entity tag, quotes included
 */
record PageFile(byte[] bytes, String type, String etag) {

  private static final int TAG_BYTES = 12;

  static PageFile of(String name, byte[] bytes) {
    return new PageFile(bytes, type(name), etag(bytes));
  }

  /** Whether a client that has these versions (RFC 9110, 13.1.2) has this one. */
  boolean isAmong(String ifNoneMatch) {
    if (ifNoneMatch == null) return false;
    return Stream.of(ifNoneMatch.split(","))
        .map(tag -> tag.strip().replaceFirst("^W/", ""))
        .anyMatch(tag -> tag.equals("*") || tag.equals(etag));
  }

  private static String type(String name) {
    return switch (name.substring(name.lastIndexOf('.') + 1)) {
      case "html" -> "text/html; charset=utf-8";
      case "css" -> "text/css; charset=utf-8";
      case "js" -> "text/javascript; charset=utf-8";
      case "svg" -> "image/svg+xml";
      default -> throw new IllegalArgumentException("no media type is known for " + name);
    };
  }

  private static String etag(byte[] bytes) {
    try {
      var hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      return '"' + HexFormat.of().formatHex(hash, 0, TAG_BYTES) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
