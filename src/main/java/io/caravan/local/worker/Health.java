package io.caravan.local.worker;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;

/** What a worker tells of itself. */
final class Health {

  private Health() {}

  /**
   * The body of {@code GET /health}. java-llama.cpp 4.2.0 comes without any GPU code, so the
   * processor is where every layer runs; a library of the user's own tells on standard error, which
   * only the gateway hears.
   */
  static ObjectNode of(Llama llama, WorkerOptions options) {
    var health = health(llama, options);
    if (Graphics.ownLibrary()) return health.put("device", "unknown (own library)");
    return health.put("device", "CPU").put("gpu_layers", 0);
  }

  private static ObjectNode health(Llama llama, WorkerOptions options) {
    return Json.object()
        .put("status", "ok")
        .put("model", options.name())
        .put("engine", "jllama")
        .put("slots", llama.slots())
        .put("context", llama.context())
        .put("threads", options.threads())
        .put("prompt_cache", options.promptCache());
  }
}
