package io.caravan.edge;

/** What the reads of an event stream, or of NDJSON, bring to its end. */
final class LineKinds {

  /** The most that can have ended, in rising order. */
  enum Kind {
    /** No line, or blank ones. */
    NONE,
    /** A comment, which many servers send so that nobody hangs up, or one line of an event. */
    PART,
    /** An event. */
    EVENT
  }

  private final boolean byLine;
  private byte first;
  private byte latest;
  private boolean open;

  /**
   * @param byLine whether each line is an event (NDJSON); else a blank line ends one
   */
  LineKinds(boolean byLine) {
    this.byLine = byLine;
  }

  /** The most that ended in this read. */
  Kind read(byte[] bytes) {
    if (isOneEvent(bytes)) {
      latest = '\n';
      open = false;
      return Kind.EVENT;
    }
    var most = Kind.NONE;
    for (byte b : bytes) {
      boolean paired = b == '\n' && latest == '\r';
      latest = b;
      if (paired) continue;
      if (b != '\n' && b != '\r') {
        if (first == 0 && !isIndent(b)) first = b;
        continue;
      }
      var kind = ended();
      if (kind.compareTo(most) > 0) most = kind;
      first = 0;
    }
    return most;
  }

  private Kind ended() {
    if (first == 0) {
      boolean whole = open;
      open = false;
      return whole ? Kind.EVENT : Kind.NONE;
    }
    if (first != ':' && byLine) return Kind.EVENT;
    open |= first != ':';
    return Kind.PART;
  }

  /** The usual read, told by its ends alone. */
  private boolean isOneEvent(byte[] bytes) {
    int last = bytes.length - 1;
    if (first != 0 || last < 2 || bytes[last] != '\n') return false;
    byte b = bytes[0];
    if (b == ':' || b == '\n' || b == '\r' || isIndent(b)) return false;
    return byLine || bytes[last - 1] == '\n' || bytes[last - 1] == '\r' && bytes[last - 2] == '\n';
  }

  /** A line of NDJSON that is nothing but spaces is blank. */
  private boolean isIndent(byte b) {
    return byLine && b == ' ';
  }
}
