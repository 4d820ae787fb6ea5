package io.caravan.streaming;

import io.caravan.errors.GatewayException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Cuts network bytes into lines, whatever the size of the reads: LF, CRLF or CR, never inside a
 * UTF-8 character, with a bound on the length of a line.
 */
final class LineReader {

  /** One event carries at most an image or a tool call's arguments; more is a runaway service. */
  static final int MAX_LINE_BYTES = 16 << 20;

  private final ByteArrayOutputStream partial = new ByteArrayOutputStream();
  private boolean skipLineFeed;
  private boolean begun;

  /** Feeds one read; {@code line} gets each line that it completes, without its line end. */
  void read(byte[] bytes, Consumer<String> line) {
    int start = 0;
    for (int i = 0; i < bytes.length; i++) {
      byte b = bytes[i];
      if (b == '\n' && skipLineFeed) {
        skipLineFeed = false;
        start = i + 1;
        continue;
      }
      skipLineFeed = b == '\r';
      if (b != '\n' && b != '\r') continue;
      line.accept(take(bytes, start, i));
      start = i + 1;
    }
    keep(bytes, start);
  }

  /** What stands behind the last line end; empty if nothing. */
  String rest() {
    return take(new byte[0], 0, 0);
  }

  /** The first line may begin with a byte order mark, which is no part of it. */
  private String take(byte[] bytes, int from, int to) {
    var line = text(bytes, from, to);
    boolean marked = !begun && line.startsWith("\uFEFF");
    begun = true;
    return marked ? line.substring(1) : line;
  }

  private String text(byte[] bytes, int from, int to) {
    if (partial.size() == 0) return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    partial.write(bytes, from, to - from);
    var line = partial.toString(StandardCharsets.UTF_8);
    partial.reset();
    return line;
  }

  private void keep(byte[] bytes, int from) {
    int more = bytes.length - from;
    if (partial.size() + more > MAX_LINE_BYTES) {
      throw tooLong();
    }
    partial.write(bytes, from, more);
  }

  static GatewayException.BadAnswer tooLong() {
    return new GatewayException.BadAnswer("an event longer than " + MAX_LINE_BYTES + " bytes");
  }
}
