package io.caravan.streaming;

import java.util.function.Consumer;

/**
 * Network bytes to server-sent events, as https://html.spec.whatwg.org/#parsing-an-event-stream.
 */
public final class SseReader implements Transformer<byte[], ServerEvent> {

  private final LineReader lines = new LineReader();
  private String name;
  private StringBuilder data;

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
    int colon = line.indexOf(':');
    var field = colon < 0 ? line : line.substring(0, colon);
    var value = colon < 0 ? "" : line.substring(colon + 1);
    if (value.startsWith(" ")) value = value.substring(1);
    if (field.equals("event")) name = value;
    if (!field.equals("data")) return;
    if (data == null) data = new StringBuilder(value);
    else data.append('\n').append(value);
  }

  private void dispatch(Consumer<ServerEvent> out) {
    if (data != null) out.accept(new ServerEvent(name, data.toString()));
    name = null;
    data = null;
  }
}
