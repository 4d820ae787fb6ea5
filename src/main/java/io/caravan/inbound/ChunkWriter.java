package io.caravan.inbound;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.OpenAiErrors;
import io.caravan.json.Json;
import io.caravan.routing.Target;
import io.caravan.streaming.Transformer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Chunks to server-sent events: one {@code data:} line each, {@code [DONE]} behind the last. A
 * failure is told in an event of its own, and then {@code [DONE]} does not come: the answer is not
 * whole.
 */
final class ChunkWriter implements Transformer<ObjectNode, byte[]> {

  private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] DONE = "data: [DONE]\n\n".getBytes(StandardCharsets.US_ASCII);

  private final Target target;

  /**
   * @param target whose secrets must not be told
   */
  ChunkWriter(Target target) {
    this.target = target;
  }

  @Override
  public void next(ObjectNode chunk, Consumer<byte[]> out) {
    out.accept(event(Json.bytes(chunk)));
  }

  @Override
  public void end(Consumer<byte[]> out) {
    out.accept(DONE);
  }

  @Override
  public void fail(Throwable cause, Consumer<byte[]> out) {
    out.accept(event(target.discreet(OpenAiErrors.render(cause)).body()));
  }

  private static byte[] event(byte[] json) {
    var event = new byte[DATA.length + json.length + 2];
    System.arraycopy(DATA, 0, event, 0, DATA.length);
    System.arraycopy(json, 0, event, DATA.length, json.length);
    event[event.length - 2] = '\n';
    event[event.length - 1] = '\n';
    return event;
  }
}
