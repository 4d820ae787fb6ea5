package io.caravan.edge;

/**
 * Whether the reads of an event stream, or of NDJSON, bring an event to its end. Comments, which
 * many servers send so that nobody hangs up, are none, nor are blank lines or parts of an event.
 */
final class EventEnds {

  private final boolean byLine;
  private byte first;
  private byte latest;
  private boolean open;

  /**
   * @param byLine whether each line is an event (NDJSON); else a blank line ends one
   */
  EventEnds(boolean byLine) {
    this.byLine = byLine;
  }

  /** Whether an event ended in this read. */
  boolean read(byte[] bytes) {
    if (isOneEvent(bytes)) {
      latest = '\n';
      open = false;
      return true;
    }
    boolean any = false;
    for (byte b : bytes) {
      boolean paired = b == '\n' && latest == '\r';
      latest = b;
      if (paired) continue;
      if (b != '\n' && b != '\r') {
        if (first == 0 && !isIndent(b)) first = b;
        continue;
      }
      any |= ended();
      first = 0;
    }
    return any;
  }

  /** A line is over; whether an event is, too. */
  private boolean ended() {
    boolean blank = first == 0;
    boolean told = !blank && first != ':';
    if (byLine) return told;
    boolean whole = blank && open;
    open = !blank && (open || told);
    return whole;
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
