package io.caravan.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import io.caravan.local.worker.ServerDialect;
import io.caravan.streaming.Cancellation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has prompts evaluated ahead of the chats that begin like them, and again when their model is
 * loaded anew: llama-server writes and reads its slots itself, jllama evaluates the messages again.
 */
final class Prewarming implements WorkerLauncher {

  private static final Logger LOG = LoggerFactory.getLogger(Prewarming.class);
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final Duration AT_LOAD = Duration.ofSeconds(20);

  private final WorkerLauncher engines;
  private final PromptCache cache;
  private final boolean remembers;
  private final AtomicInteger turn = new AtomicInteger();

  /**
   * @param engines whose models find their prompts again
   * @param remembers whether they use what was evaluated ahead at all
   */
  Prewarming(WorkerLauncher engines, PromptCache cache, boolean remembers) {
    this.engines = engines;
    this.cache = cache;
    this.remembers = remembers;
  }

  @Override
  public WorkerProcess launch(LocalModel model, LoadOptions options) {
    var process = engines.launch(model, options);
    return new WarmWorker(process, address -> restored(model, address, process.placement()));
  }

  @Override
  public String refusal(LocalModel model) {
    return engines.refusal(model);
  }

  @Override
  public long bytesNeeded(LocalModel model, LoadOptions options) {
    return engines.bytesNeeded(model, options);
  }

  /**
   * Evaluates a prompt and keeps it, unless its client leaves.
   *
   * @param prompt {@code messages} and maybe {@code tools}
   * @return {@code tokens_cached}, {@code time_ms}, and whether it is {@code saved} on disk
   */
  CompletableFuture<ObjectNode> warm(Lease lease, ObjectNode prompt, Cancellation client) {
    if (!remembers) return CompletableFuture.completedFuture(told(0, 0, false));
    var key = PromptCache.key(prompt);
    if (!lease.placement().engine().equals(LlamaServers.NAME)) {
      return WorkerCalls.post(lease.address(), "/prefill", prompt, LIMIT, client)
          .thenApply(done -> ((ObjectNode) done).put("saved", kept(lease, key, prompt)));
    }
    int slot = Math.floorMod(turn.getAndIncrement(), lease.placement().slots());
    var request = ServerDialect.request("chat", prompt, lease.model().gguf());
    request.put("max_tokens", 1).put("cache_prompt", true).put("id_slot", slot);
    long begin = System.nanoTime();
    return WorkerCalls.chat(lease.address(), request, LIMIT, client)
        .thenCompose(chat -> save(lease, slot, key, chat, begin));
  }

  private boolean kept(Lease lease, String key, ObjectNode prompt) {
    return cache.write(lease.model(), WorkerJvms.NAME, key + ".json", Json.bytes(prompt));
  }

  private CompletableFuture<ObjectNode> save(
      Lease lease, int slot, String key, JsonNode chat, long begin) {
    return slot(lease.address(), slot, "save", key + ".bin", LIMIT)
        .handle(
            (saved, failure) -> {
              if (failure != null) LOG.warn("A prompt could not be kept: {}", reason(failure));
              cache.prune();
              long tokens = chat.at("/usage/prompt_tokens").asLong();
              long millis = Duration.ofNanos(System.nanoTime() - begin).toMillis();
              return told(tokens, millis, failure == null);
            });
  }

  private static ObjectNode told(long tokens, long millis, boolean saved) {
    var told = Json.object().put("tokens_cached", tokens).put("time_ms", millis);
    return told.put("saved", saved);
  }

  /** Never fails: a prompt that cannot be restored is evaluated when it comes. */
  private CompletableFuture<Void> restored(LocalModel model, WorkerAddress at, Placement where) {
    if (model.gguf().kind() != Gguf.Kind.CHAT) return CompletableFuture.completedFuture(null);
    var restored = new AtomicInteger();
    var done = CompletableFuture.<Void>completedFuture(null);
    int slot = 0;
    for (var entry : cache.entries(model, where.engine())) {
      if (slot == where.slots()) break;
      int to = slot++;
      done =
          done.thenCompose(before -> restore(entry, at, to).thenRun(restored::incrementAndGet))
              .handle((ok, failure) -> noted(model, failure));
    }
    return done.completeOnTimeout(null, AT_LOAD.toSeconds(), TimeUnit.SECONDS)
        .thenRun(() -> tell(model, restored.get()));
  }

  private static void tell(LocalModel model, int restored) {
    if (restored > 0) LOG.info("{} prompts of {} restored", restored, model.name());
  }

  private static CompletableFuture<Void> restore(Path entry, WorkerAddress at, int slot) {
    var name = entry.getFileName().toString();
    if (name.endsWith(".bin")) {
      return slot(at, slot, "restore", name, AT_LOAD).thenAccept(restored -> {});
    }
    try {
      var prompt = Json.read(Files.readAllBytes(entry));
      return WorkerCalls.post(at, "/prefill", prompt, AT_LOAD).thenAccept(evaluated -> {});
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static CompletableFuture<JsonNode> slot(
      WorkerAddress at, int slot, String action, String file, Duration limit) {
    var body = Json.object().put("filename", file);
    return WorkerCalls.post(at, "/slots/" + slot + "?action=" + action, body, limit);
  }

  /** Futures put the name of a class before the message of what they wrap. */
  private static String reason(Throwable failure) {
    boolean wrapped = failure instanceof CompletionException && failure.getCause() != null;
    return (wrapped ? failure.getCause() : failure).getMessage();
  }

  private static Void noted(LocalModel model, Throwable failure) {
    if (failure != null) {
      LOG.warn("A prompt of {} was not restored: {}", model.name(), reason(failure));
    }
    return null;
  }
}
