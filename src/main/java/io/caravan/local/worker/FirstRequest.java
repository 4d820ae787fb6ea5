package io.caravan.local.worker;

import de.kherud.llama.LlamaModel;
import de.kherud.llama.NativeTasks;
import io.caravan.json.Json;
import io.caravan.local.Gguf;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * A first token for nobody. llama.cpp's server clears its memory of prompts, but not its notes of
 * what is in it, when it is idle for the first time (b4916, {@code clean_kv_cache}). That is before
 * any request or behind the first ones, as its thread happens to start; in the second case a prompt
 * that goes on where one of those ended is answered with garbage. So the first request uses no
 * cache, and behind it is time to be idle. It also brings the weights into memory.
 */
final class FirstRequest {

  private static final long IDLE_NANOS = Duration.ofMillis(100).toNanos();

  private FirstRequest() {}

  static void send(LlamaModel model, Gguf gguf) {
    var first = Json.object().put("n_predict", 1).put("id_slot", 0).put("cache_prompt", false);
    first.putArray("prompt").add(Math.max(0, gguf.bosToken()));
    int task = NativeTasks.request(model, Json.text(first.put("stream", true)));
    while (!NativeTasks.isLast(NativeTasks.receive(model, task))) {}
    NativeTasks.release(model, task);
    LockSupport.parkNanos(IDLE_NANOS);
  }
}
