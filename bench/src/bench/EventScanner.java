package bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** Finds the upstream's stamps and the closing {@code [DONE]} in a stream, however it is cut. */
final class EventScanner {

  /** Hears about each event. */
  interface Sink {
    void event(long number, long sentAt);
  }

  private static final byte[] DONE = "[DONE]".getBytes(US_ASCII);

  private final Sink sink;
  private boolean inStamp;
  private long number = -1;
  private long value;
  private int doneMatched;

  EventScanner(Sink sink) {
    this.sink = sink;
  }

  boolean done() {
    return doneMatched == DONE.length;
  }

  void scan(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (inStamp || bytes[i] == Wire.MARK) stamp(bytes[i]);
      else if (!done()) matchDone(bytes[i]);
    }
  }

  private void stamp(byte b) {
    if (b == Wire.MARK) {
      if (inStamp) sink.event(number, value);
      inStamp = !inStamp;
      value = 0;
    } else if (b == ':') {
      number = value;
      value = 0;
    } else {
      value = value * 10 + (b - '0');
    }
  }

  private void matchDone(byte b) {
    if (b == DONE[doneMatched]) doneMatched++;
    else doneMatched = b == DONE[0] ? 1 : 0;
  }
}
