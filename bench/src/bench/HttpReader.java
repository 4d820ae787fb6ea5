package bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.Locale;

/**
 * Reads the answers of one HTTP/1.1 connection, fed piece by piece. Far cheaper than a full client,
 * so that the load generator leaves the cores to what it measures.
 */
final class HttpReader {

  /** Hears about each answer. */
  interface Sink {
    void body(byte[] bytes, int from, int to);

    void end(int status);
  }

  private enum State {
    HEAD,
    BODY,
    CHUNK_SIZE,
    CHUNK,
    CHUNK_END,
    TRAILER
  }

  private final Sink sink;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream(128);
  private State state = State.HEAD;
  private int status;
  private boolean chunked;
  private long left;

  HttpReader(Sink sink) {
    this.sink = sink;
  }

  void read(byte[] bytes) {
    int at = 0;
    while (at < bytes.length) {
      if (state == State.BODY || state == State.CHUNK) at = data(bytes, at);
      else at = text(bytes, at);
    }
  }

  private int data(byte[] bytes, int from) {
    int to = (int) Math.min(bytes.length, from + left);
    left -= to - from;
    sink.body(bytes, from, to);
    if (left == 0 && state == State.CHUNK) state = State.CHUNK_END;
    else if (left == 0) end();
    return to;
  }

  private int text(byte[] bytes, int from) {
    int to = from;
    while (to < bytes.length && bytes[to] != '\n') to++;
    line.write(bytes, from, to - from);
    if (to == bytes.length) return to;
    var text = line.toString(ISO_8859_1).strip();
    line.reset();
    line(text);
    return to + 1;
  }

  private void line(String text) {
    switch (state) {
      case HEAD -> head(text);
      case CHUNK_SIZE -> chunkSize(text);
      case CHUNK_END -> state = State.CHUNK_SIZE;
      case TRAILER -> {
        if (text.isEmpty()) end();
      }
      default -> throw new IllegalStateException("no text in " + state);
    }
  }

  private void head(String text) {
    if (status == 0) {
      status = Integer.parseInt(text, 9, 12, 10);
      left = 0;
      chunked = false;
    } else if (text.isEmpty()) {
      headEnd();
    } else {
      header(text.toLowerCase(Locale.ROOT));
    }
  }

  private void header(String text) {
    if (text.startsWith("content-length:")) left = Long.parseLong(text.substring(15).strip());
    if (text.startsWith("transfer-encoding:")) chunked = text.endsWith("chunked");
  }

  private void headEnd() {
    if (status < 200) status = 0;
    else if (chunked) state = State.CHUNK_SIZE;
    else if (left > 0) state = State.BODY;
    else end();
  }

  private void chunkSize(String text) {
    int extension = text.indexOf(';');
    left = Long.parseLong(extension < 0 ? text : text.substring(0, extension).strip(), 16);
    state = left > 0 ? State.CHUNK : State.TRAILER;
  }

  private void end() {
    int ended = status;
    status = 0;
    state = State.HEAD;
    sink.end(ended);
  }
}
