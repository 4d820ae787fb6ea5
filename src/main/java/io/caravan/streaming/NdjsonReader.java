package io.caravan.streaming;

import java.util.function.Consumer;

/** Network bytes to events, one for each line that is not blank (application/x-ndjson). */
public final class NdjsonReader implements Transformer<byte[], ServerEvent> {

  private final LineReader lines = new LineReader();

  @Override
  public void next(byte[] bytes, Consumer<ServerEvent> out) {
    lines.read(bytes, line -> send(line, out));
  }

  @Override
  public void end(Consumer<ServerEvent> out) {
    send(lines.rest(), out);
  }

  private static void send(String line, Consumer<ServerEvent> out) {
    if (!line.isBlank()) out.accept(new ServerEvent(null, line));
  }
}
