package io.caravan.local;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/** What a GGUF file says of its model, in the catalog's words. */
final class LocalDetails {

  private LocalDetails() {}

  /** Adds state and, if the header could be read, all that it tells to a model's entry. */
  static ObjectNode add(LocalModel model, ObjectNode entry) {
    entry.put("state", model.state().toString());
    entry.put("loaded", model.state() == LocalModel.State.LOADED);
    entry.put("file_path", model.path().toString()).put("is_gguf", true);
    entry.put("runtime_name", model.stem());
    if (model.error() != null) entry.put("description", model.error());
    var gguf = model.gguf();
    if (gguf == null) return entry;
    boolean embeds = gguf.kind() == Gguf.Kind.EMBEDDINGS;
    entry.put("type", embeds ? "embeddings" : "llm");
    entry.put("architecture", gguf.architecture()).put("quantization", gguf.quantization());
    entry.put("parameters", weights(gguf.parameters())).put("size", gguf.neededBytes());
    if (gguf.contextLength() > 0) entry.put("max_tokens", gguf.contextLength());
    boolean answers = !embeds && !gguf.chatTemplate().isEmpty();
    return entry.put("instructed", answers).put("tooling", gguf.chatTemplate().contains("tools"));
  }

  private static String weights(long number) {
    if (number >= 1_000_000_000) return String.format(Locale.ROOT, "%.1fB", number / 1e9);
    if (number >= 1_000_000) return String.format(Locale.ROOT, "%.0fM", number / 1e6);
    return String.format(Locale.ROOT, "%.0fK", number / 1e3);
  }
}
