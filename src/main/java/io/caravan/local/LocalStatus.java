package io.caravan.local;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** What there is to know of the local models: body of {@code GET /llm/services/local}. */
public final class LocalStatus {

  private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s+(\\d+) kB$");

  private final LocalModels models;
  private final Memory memory;

  public LocalStatus(LocalModels models) {
    this.models = models;
    this.memory = models.memory();
  }

  /** The status, to be added to what is said of any service. */
  public ObjectNode tell() {
    var status = Json.object();
    var folders = status.putArray("folders");
    for (var folder : models.folders()) {
      folders.addObject().put("path", folder.toString()).put("present", Files.isDirectory(folder));
    }
    var listed = status.putArray("models");
    for (var model : models.models()) listed.add(model(model));
    var loaded = status.putArray("loaded");
    for (var worker : models.admission().workers()) loaded.add(worker(worker));
    limits(status.putObject("limits"));
    status
        .putObject("memory")
        .put("available_bytes", memory.available())
        .put("total_bytes", memory.total());
    return status.put("waiting", models.admission().waiting());
  }

  private static ObjectNode model(LocalModel model) {
    var node =
        Json.object()
            .put("name", model.name())
            .put("file", model.file())
            .put("folder", model.path().getParent().toString())
            .put("state", model.state().toString())
            .put("error", model.error())
            .put("size_bytes", model.bytes());
    var gguf = model.gguf();
    if (gguf == null) return node;
    return node.put("architecture", gguf.architecture())
        .put("type", gguf.kind() == Gguf.Kind.CHAT ? "chat" : "embeddings")
        .put("parameters", gguf.parameters())
        .put("quantization", gguf.quantization())
        .put("context_length", gguf.contextLength())
        .put("embedding_length", gguf.embeddingLength())
        .put("parts", gguf.parts())
        .put("tools", gguf.chatTemplate().contains("tools"));
  }

  private static ObjectNode worker(Worker worker) {
    var process = worker.process();
    var where = process.placement();
    return Json.object()
        .put("model", worker.model().name())
        .put("state", state(worker))
        .put("engine", where.engine())
        .put("pid", process.pid())
        .put("device", where.device())
        .put("layers_offloaded", where.isUnknown() ? null : (Integer) where.layersOnGpu())
        .put("layers", where.layers())
        .put("reason", where.reason())
        .put("slots", where.slots())
        .put("context", where.context())
        .put("threads", where.threads())
        .put("requests", worker.use().requests() - worker.slots().waiting())
        .put("waiting", worker.slots().waiting())
        .put("memory_bytes", resident(process.pid()))
        .put("last_used", worker.use().last().toString());
  }

  private static String state(Worker worker) {
    if (worker.retired()) return "unloading";
    return (worker.loaded() ? LocalModel.State.LOADED : LocalModel.State.LOADING).toString();
  }

  private void limits(ObjectNode node) {
    var limits = models.limits();
    node.put("max_loaded", limits.loaded())
        .put("max_waiting", limits.waiting())
        .put("queue_timeout_sec", limits.patience().toSeconds())
        .put("load_timeout_sec", limits.load().toSeconds())
        .put("idle_unload_sec", limits.idle().toSeconds())
        .put("threads", limits.threads())
        .put("cores", limits.cores());
  }

  /** Memory of a process, as Linux tells it; null elsewhere. */
  private static Long resident(long pid) {
    try {
      var status = RESIDENT.matcher(Files.readString(Path.of("/proc/" + pid + "/status")));
      return status.find() ? (Long) (Long.parseLong(status.group(1)) << 10) : null;
    } catch (IOException e) {
      return null;
    }
  }
}
