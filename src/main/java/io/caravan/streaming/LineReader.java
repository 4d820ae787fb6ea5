package io.caravan.streaming;

import io.caravan.errors.GatewayException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Cuts network bytes into lines, whatever the size of the reads: LF, CRLF or CR, never inside a
 * UTF-8 character, with a bound on the length of a line.
 */
final class LineReader {

  /** One event carries at most an image or a tool call's arguments; more is a runaway service. */
  static final int MAX_LINE_BYTES = 16 << 20;

  private byte[] partial = new byte[0];
  private boolean skipLineFeed;

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

  private String take(byte[] bytes, int from, int to) {
    if (partial.length == 0) return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    int held = partial.length;
    byte[] whole = Arrays.copyOf(partial, held + to - from);
    System.arraycopy(bytes, from, whole, held, to - from);
    partial = new byte[0];
    return new String(whole, StandardCharsets.UTF_8);
  }

  private void keep(byte[] bytes, int from) {
    int more = bytes.length - from;
    if (more == 0) return;
    if (partial.length + more > MAX_LINE_BYTES) {
      throw new GatewayException.BadAnswer("an event longer than " + MAX_LINE_BYTES + " bytes");
    }
    int held = partial.length;
    partial = Arrays.copyOf(partial, held + more);
    System.arraycopy(bytes, from, partial, held, more);
  }
}
