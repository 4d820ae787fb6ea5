package io.caravan.files;

import io.caravan.errors.GatewayException.Conflict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The four letters that every GGUF file begins with.
 *
 * @see <a href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md">GGUF</a>
 */
final class GgufMagic {

  static final int LENGTH = 4;

  private static final byte[] MAGIC = "GGUF".getBytes(StandardCharsets.US_ASCII);

  private GgufMagic() {}

  /**
   * Looks at the first bytes of a file.
   *
   * @throws Conflict if they are no GGUF file's
   */
  static void check(byte[] begin) {
    if (Arrays.equals(begin, MAGIC)) return;
    throw new Conflict(
        "This is no GGUF file: it does not begin with the letters GGUF."
            + " Name the file itself, not a page about it.",
        "not_gguf");
  }

  static void check(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      check(in.readNBytes(LENGTH));
    }
  }
}
