package io.caravan.local.worker;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.OpenAiErrors;
import io.caravan.json.Json;
import io.caravan.streaming.Transformer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Chunks as server-sent events; a failure is told in an event and is not followed by [DONE]. */
final class EventBytes implements Transformer<ObjectNode, byte[]> {

  @Override
  public void next(ObjectNode chunk, Consumer<byte[]> out) {
    out.accept(event(Json.bytes(chunk)));
  }

  @Override
  public void end(Consumer<byte[]> out) {
    out.accept(event("[DONE]".getBytes(StandardCharsets.US_ASCII)));
  }

  @Override
  public void fail(Throwable cause, Consumer<byte[]> out) {
    out.accept(event(OpenAiErrors.render(cause).body()));
  }

  private static byte[] event(byte[] data) {
    var event = new ByteArrayOutputStream(data.length + 8);
    event.writeBytes("data: ".getBytes(StandardCharsets.US_ASCII));
    event.writeBytes(data);
    event.writeBytes("\n\n".getBytes(StandardCharsets.US_ASCII));
    return event.toByteArray();
  }
}
