package io.caravan.local.worker;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;

/** What a worker tells of itself. */
final class Health {

  private Health() {}

  /**
   * The body of {@code GET /health}. java-llama.cpp 4.2.0 comes without any GPU code, so the
   * processor is where every layer runs.
   */
  static ObjectNode of(Llama llama, WorkerOptions options) {
    return Json.object()
        .put("status", "ok")
        .put("model", options.name())
        .put("engine", "jllama")
        .put("slots", llama.slots())
        .put("context", llama.context())
        .put("threads", options.threads())
        .put("prompt_cache", options.promptCache())
        .put("device", "CPU")
        .put("gpu_layers", 0);
  }
}
