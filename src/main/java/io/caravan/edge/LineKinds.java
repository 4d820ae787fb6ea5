package io.caravan.edge;

/** What kind of lines of an event stream, or of NDJSON, the reads of it bring to their ends. */
final class LineKinds {

  /** The most that lines can be, in rising order. */
  enum Kind {
    /** No line, or blank ones. */
    NONE,
    /** A comment, which many servers send so that nobody hangs up. */
    COMMENT,
    /** A part of an event. */
    EVENT
  }

  private byte first;

  /** The most that a line was that ended in this read. */
  Kind read(byte[] bytes) {
    if (isOneEvent(bytes)) return Kind.EVENT;
    var most = Kind.NONE;
    for (byte b : bytes) {
      if (!isLineEnd(b)) {
        if (first == 0) first = b;
        continue;
      }
      if (first == ':' && most == Kind.NONE) most = Kind.COMMENT;
      if (first != ':' && first != 0) most = Kind.EVENT;
      first = 0;
    }
    return most;
  }

  /** The usual read, told by its ends alone. */
  private boolean isOneEvent(byte[] bytes) {
    return first == 0
        && bytes.length > 1
        && bytes[0] != ':'
        && !isLineEnd(bytes[0])
        && isLineEnd(bytes[bytes.length - 1]);
  }

  private static boolean isLineEnd(byte b) {
    return b == '\n' || b == '\r';
  }
}
