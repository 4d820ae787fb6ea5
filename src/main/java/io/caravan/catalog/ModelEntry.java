package io.caravan.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;

/**
 * A model of the catalog as a JSON object: OpenAI's fields, then one field for each column of the
 * table {@code llm_models}. A service's own words come first; what it does not say is read from the
 * name; what cannot be known is null.
 */
final class ModelEntry {

  private static final List<String> TEXTS =
      List.of(
          "description", "publisher", "architecture", "quantization", "parameters", "file_path");

  private final Service service;
  private final ObjectNode told;
  private final String id;

  private ModelEntry(Service service, ObjectNode told) {
    this.service = service;
    this.told = told;
    this.id = told.path("id").asText();
  }

  /** The entry for what a service told of one model, an object with an {@code id} at least. */
  static ObjectNode of(Service service, ObjectNode told) {
    return new ModelEntry(service, told).entry();
  }

  private ObjectNode entry() {
    var out = Json.object().put("id", id).put("object", "model");
    out.put("created", created());
    for (var name : List.of("aliases", "usable", "capabilities")) Json.copy(told, name, out, name);
    out.put("loaded", state().equals("loaded"));
    out.put("name", id).put("service", service.name());
    out.put("type", type()).put("state", state());
    for (var name : TEXTS) out.put(name, text(name));
    out.put("modified_at", modifiedAt());
    out.set("max_tokens", number("max_tokens", ModelNames.maxTokens(id)));
    out.set("size", number("size", 0));
    boolean chats = !type().equals("embeddings");
    out.put("streaming", flag("streaming", chats && has(Capability.Streaming)));
    out.put("instructed", flag("instructed", chats && ModelNames.instructed(id)));
    out.put("coding", flag("coding", ModelNames.coding(id)));
    out.put("tooling", flag("tooling", chats && ModelNames.tooling(id)));
    out.put("is_mlx", flag("is_mlx", id.toLowerCase(java.util.Locale.ROOT).contains("mlx")));
    out.put("is_gguf", flag("is_gguf", id.toLowerCase(java.util.Locale.ROOT).contains("gguf")));
    return out.put("runtime_name", told.path("runtime_name").asText(id));
  }

  private boolean has(Capability capability) {
    var declared = service.provider().capabilities();
    return declared.isEmpty() || declared.contains(capability);
  }

  private String type() {
    var type = told.path("type").asText();
    if (!type.isEmpty()) return type;
    var named = ModelNames.type(id);
    boolean sees = List.of("llm", "unknown").contains(named) && capable("vision");
    if (sees) return "vlm";
    if (!named.equals("unknown")) return named;
    if (capable("embedding") || capable("embeddings")) return "embeddings";
    return capable("completion") || capable("chat") ? "llm" : named;
  }

  private boolean capable(String capability) {
    return Json.texts(told.path("capabilities")).contains(capability);
  }

  private String state() {
    if (told.path("state").isTextual()) return told.path("state").asText();
    if (!told.path("usable").asBoolean(true)) return "error";
    if (told.has("loaded")) return told.path("loaded").asBoolean() ? "loaded" : "not loaded";
    return service.provider().listing().modelState();
  }

  private String text(String name) {
    var said = told.path(name).asText("");
    if (!said.isBlank() && !told.path(name).isNull()) return said;
    return switch (name) {
      case "publisher" -> ModelNames.publisher(id);
      case "architecture" -> ModelNames.architecture(id);
      case "quantization" -> ModelNames.quantization(id);
      case "parameters" -> ModelNames.parameters(id);
      default -> null;
    };
  }

  private boolean flag(String name, boolean guessed) {
    return told.path(name).isBoolean() ? told.path(name).asBoolean() : guessed;
  }

  private JsonNode number(String name, long guessed) {
    long number = told.path(name).asLong(guessed);
    var node = Json.object();
    return number > 0 ? node.put(name, number).get(name) : node.putNull(name).get(name);
  }

  private long created() {
    long created = told.path("created").asLong(0);
    return created > 0 || modifiedAt() == null
        ? created
        : Instant.parse(modifiedAt()).getEpochSecond();
  }

  /** In UTC; a service's local time with its offset is translated. */
  private String modifiedAt() {
    try {
      return OffsetDateTime.parse(told.path("modified_at").asText()).toInstant().toString();
    } catch (DateTimeException notTold) {
      return null;
    }
  }
}
