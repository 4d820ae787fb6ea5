package io.caravan.streaming;

import java.util.function.Consumer;

/**
 * Network bytes to server-sent events, as https://html.spec.whatwg.org/#parsing-an-event-stream.
 * The lines of an event together are bounded as one line is.
 */
public final class SseReader implements Transformer<byte[], ServerEvent> {

  private final LineReader lines = new LineReader();
  private String name;
  private String data;
  private StringBuilder joined; // of the events that have more than one line of data

  @Override
  public void next(byte[] bytes, Consumer<ServerEvent> out) {
    lines.read(bytes, line -> line(line, out));
  }

  /** A service that closes right behind its last event, without the blank line, has sent it. */
  @Override
  public void end(Consumer<ServerEvent> out) {
    var rest = lines.rest();
    if (!rest.isEmpty()) line(rest, out);
    dispatch(out);
  }

  private void line(String line, Consumer<ServerEvent> out) {
    if (line.isEmpty()) {
      dispatch(out);
      return;
    }
    var value = value(line, "data");
    if (value != null) add(value);
    else if ((value = value(line, "event")) != null) name = value;
  }

  private void add(String value) {
    if (data == null) {
      data = value;
      return;
    }
    if (joined == null) joined = new StringBuilder(data);
    if (joined.length() + value.length() >= LineReader.MAX_LINE_BYTES) throw LineReader.tooLong();
    joined.append('\n').append(value);
  }

  /** The value of a field if the line holds that field, else null. */
  private static String value(String line, String field) {
    int end = field.length();
    if (!line.startsWith(field)) return null;
    if (line.length() == end) return "";
    if (line.charAt(end) != ':') return null;
    return line.substring(line.startsWith(" ", end + 1) ? end + 2 : end + 1);
  }

  private void dispatch(Consumer<ServerEvent> out) {
    if (joined != null) data = joined.toString();
    if (data != null) out.accept(new ServerEvent(name, data));
    name = null;
    data = null;
    joined = null;
  }
}
