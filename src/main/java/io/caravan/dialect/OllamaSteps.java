package io.caravan.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException;
import io.caravan.errors.UpstreamError;
import io.caravan.streaming.ServerEvent;
import io.caravan.streaming.Transformer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * The lines of a pull: each layer counts by itself, the job counts their sum. Ollama closes the
 * stream behind {@code success}, which is waited for, so that its connection stays of use.
 */
final class OllamaSteps implements Transformer<ServerEvent, ObjectNode> {

  private record Layer(long done, long total) {}

  private static final Pattern UNKNOWN =
      Pattern.compile("manifest.*(does not exist|not found)|model.*not found");

  private final Map<String, Layer> layers = new LinkedHashMap<>();
  private boolean done;

  @Override
  public void next(ServerEvent event, Consumer<ObjectNode> out) {
    var line = line(event);
    var status = line.path("status").asText();
    done = status.equals("success");
    if (line.hasNonNull("digest")) {
      long total = line.path("total").asLong();
      layers.put(line.path("digest").asText(), new Layer(line.path("completed").asLong(), total));
    }
    out.accept(Progress.at(status, sum(true), sum(false)));
  }

  /** An unknown model is an error line behind status 200. */
  private static JsonNode line(ServerEvent event) {
    try {
      return Answers.event(event);
    } catch (GatewayException.UpstreamFailed e) {
      if (!UNKNOWN.matcher(e.getMessage()).find()) throw e;
      throw new GatewayException.UpstreamFailed(
          new UpstreamError(
              404, e.getMessage(), null, "model_not_found", null, e.error().headers()));
    }
  }

  @Override
  public void end(Consumer<ObjectNode> out) {
    if (!done) throw Answers.cutShort();
  }

  private long sum(boolean ofDone) {
    return layers.values().stream().mapToLong(layer -> ofDone ? layer.done : layer.total).sum();
  }
}
