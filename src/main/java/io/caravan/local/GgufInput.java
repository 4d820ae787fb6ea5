package io.caravan.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;

/** Reads little-endian values from the head of a file through a window that slides over it. */
final class GgufInput {

  private static final int WINDOW_BYTES = 64 << 10;
  private static final int MAX_STRING_BYTES = 16 << 20;

  private final FileChannel file;
  private final long size;
  private ByteBuffer window = newWindow(WINDOW_BYTES).limit(0);

  /** File offset just behind the window. */
  private long windowEnd;

  GgufInput(FileChannel file) throws IOException {
    this.file = file;
    this.size = file.size();
  }

  long position() {
    return windowEnd - window.remaining();
  }

  long size() {
    return size;
  }

  byte int8() throws IOException {
    return need(1).get();
  }

  short int16() throws IOException {
    return need(2).getShort();
  }

  int int32() throws IOException {
    return need(4).getInt();
  }

  long int64() throws IOException {
    return need(8).getLong();
  }

  /** A count or length: 64 bits without sign, of which no sane file uses the upper half. */
  long count(String what, long max) throws IOException {
    long count = int64();
    if (count < 0 || count > max) {
      throw new GgufException("corrupt header: " + Long.toUnsignedString(count) + " " + what);
    }
    return count;
  }

  String string() throws IOException {
    var bytes = new byte[(int) stringLength()];
    need(bytes.length).get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  void skipString() throws IOException {
    skip(stringLength());
  }

  void skip(long bytes) throws IOException {
    if (bytes > size - position()) throw truncated();
    if (bytes <= window.remaining()) {
      window.position(window.position() + (int) bytes);
      return;
    }
    windowEnd = position() + bytes;
    window.limit(0).position(0);
  }

  private long stringLength() throws IOException {
    long length = int64();
    if (length < 0 || length > MAX_STRING_BYTES) {
      throw new GgufException(
          "corrupt header: a text of " + Long.toUnsignedString(length) + " bytes");
    }
    return length;
  }

  /** The window with at least so many bytes in it, read from the file and grown if needed. */
  private ByteBuffer need(int bytes) throws IOException {
    if (window.remaining() >= bytes) return window;
    if (bytes > size - position()) throw truncated();
    var rest = window;
    if (bytes > window.capacity()) window = newWindow(bytes).put(rest);
    else window.compact();
    while (window.position() < bytes) fill();
    return window.flip();
  }

  private void fill() throws IOException {
    int read = file.read(window, windowEnd);
    if (read < 0) throw truncated();
    windowEnd += read;
  }

  private GgufException truncated() {
    return GgufException.truncated("the file ends inside its header, at " + size + " bytes");
  }

  private static ByteBuffer newWindow(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
