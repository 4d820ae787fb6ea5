package io.caravan.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The first block of an H2 file, which names its newest chunk. H2 looks for an older one if that is
 * not there, and so would lose without a word what was written since.
 *
 * @see <a href="https://h2database.com/html/mvstore.html#fileFormat">File format</a>
 */
final class H2Header {

  private static final int LENGTH = 256;

  private H2Header() {}

  /** Whether a file was closed in good order and has lost its newest chunk since. */
  static boolean hasLostItsEnd(Path file) throws IOException {
    try (var bytes = new RandomAccessFile(file.toFile(), "r")) {
      var header = fields(at(bytes, 0));
      if (!"1".equals(header.get("clean"))) return false;
      long block = number(header.get("block")) * number(header.get("blockSize"));
      return !at(bytes, block).startsWith("chunk:" + header.get("chunk") + ",");
    }
  }

  private static String at(RandomAccessFile file, long position) throws IOException {
    var text = new byte[LENGTH];
    file.seek(position);
    int read = Math.max(0, file.read(text));
    return new String(text, 0, read, ISO_8859_1);
  }

  private static Map<String, String> fields(String header) {
    var fields = new HashMap<String, String>();
    for (var field : header.replaceFirst("(?s)\n.*", "").split(",")) {
      int colon = field.indexOf(':');
      if (colon > 0) fields.put(field.substring(0, colon), field.substring(colon + 1));
    }
    return fields;
  }

  private static long number(String hex) {
    return hex != null && hex.matches("[0-9a-f]{1,12}") ? Long.parseLong(hex, 16) : 0;
  }
}
