package io.caravan.dialect;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException.UpstreamFailed;
import io.caravan.errors.UpstreamError;

/** What a service answers when it has been told to do something with a model. */
public final class Outcome {

  private Outcome() {}

  /**
   * Looks for a failure in an answer with status 200: LM Studio sends an {@code error} for paths
   * that it does not know, llama-server {@code "success": false}.
   *
   * @param answer what came; only a JSON object can say that it failed
   * @throws UpstreamFailed in the service's words
   */
  public static void check(Object answer) {
    if (!(answer instanceof ObjectNode object)) return;
    var error = object.path("error");
    boolean told = error.isTextual() && !error.asText().isBlank();
    if (told || error.isObject() && !error.isEmpty()) {
      throw new UpstreamFailed(UpstreamError.within(object));
    }
    boolean refused = object.path("success").isBoolean() && !object.path("success").asBoolean();
    if (!refused) return;
    throw Progress.failed(
        Progress.words(object, "The service says that it did not succeed.", "message"));
  }
}
