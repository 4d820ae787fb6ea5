package io.caravan.local.worker;

import com.fasterxml.jackson.core.JsonProcessingException;
import de.kherud.llama.NativeTasks;
import io.caravan.errors.GatewayException;
import io.caravan.json.Json;

/** llama.cpp's refusals, which are JSON in the text of an exception, in the gateway's family. */
final class NativeFailures {

  private NativeFailures() {}

  static RuntimeException translate(RuntimeException failure) {
    if (!NativeTasks.isRefusal(failure)) return failure;
    try {
      var refusal = Json.read(failure.getMessage());
      if (refusal.path("code").asInt() != 400) return failure;
      return new GatewayException.InvalidRequest(refusal.path("message").asText(), null, null);
    } catch (JsonProcessingException e) {
      return failure;
    }
  }
}
