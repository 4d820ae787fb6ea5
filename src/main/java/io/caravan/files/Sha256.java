package io.caravan.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The checksum of a file while it grows. */
final class Sha256 {

  private final MessageDigest digest;

  Sha256() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Of what is in the file so far. */
  static Sha256 of(Path file) throws IOException {
    var sha = new Sha256();
    var bytes = new byte[1 << 16];
    try (var in = Files.newInputStream(file)) {
      for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) sha.add(bytes, read);
    }
    return sha;
  }

  void add(byte[] bytes, int length) {
    digest.update(bytes, 0, length);
  }

  /** The sum in hexadecimal digits; nothing can be added afterwards. */
  String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
