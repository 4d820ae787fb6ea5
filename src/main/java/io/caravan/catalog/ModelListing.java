package io.caravan.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/**
 * All models of one service at one moment, with the bytes in which clients are told of them.
 * Immutable; nobody changes its trees.
 *
 * @param entries what is known of each model: OpenAI's fields and the columns of {@code llm_models}
 * @param usable those that can be used; a service may know others
 * @param byName the same by id and by every other name
 * @param openAi for each usable model its JSON for {@code GET /v1/models}
 * @param whole for each model its JSON for {@code GET /llm/models}
 * @param texts for each model what a search looks through, in lower case
 * @param told the list as the service gave it, null if it was kept from before the start
 */
record ModelListing(
    List<ObjectNode> entries,
    List<ObjectNode> usable,
    Map<String, ObjectNode> byName,
    List<byte[]> openAi,
    List<byte[]> whole,
    List<String> texts,
    JsonNode told) {

  /**
   * What a service told beside its list.
   *
   * @param byId fields of models
   * @param others fields of the models that are not in there
   * @param shown fields of models that were asked for one by one
   */
  record Details(Map<String, ObjectNode> byId, ObjectNode others, Map<String, ObjectNode> shown) {

    static final Details NONE = new Details(Map.of(), Json.object(), Map.of());

    private ObjectNode addTo(ObjectNode model) {
      var id = model.path("id").asText();
      var out = Json.shallowCopy(model);
      add(byId.getOrDefault(id, others), out);
      add(shown.get(id), out);
      return out;
    }

    private static void add(ObjectNode fields, ObjectNode to) {
      if (fields == null) return;
      for (var field : fields.properties()) {
        if (!field.getValue().isNull() && !field.getKey().equals("id"))
          to.set(field.getKey(), field.getValue());
      }
    }
  }

  /** The listing for what a service told; of several models with one id the first counts. */
  static ModelListing of(Service service, JsonNode told, Details details) {
    var entries = new LinkedHashMap<String, ObjectNode>();
    for (var model : told) {
      var id = model.path("id");
      if (!(model instanceof ObjectNode object) || !id.isTextual() || id.asText().isEmpty())
        continue;
      entries.computeIfAbsent(id.asText(), any -> ModelEntry.of(service, details.addTo(object)));
    }
    return of(service, List.copyOf(entries.values()), told);
  }

  /** The listing of entries as they are. */
  static ModelListing of(Service service, List<ObjectNode> entries, JsonNode told) {
    var byName = new HashMap<String, ObjectNode>();
    var usable = entries.stream().filter(ModelListing::isUsable).toList();
    var openAi = new ArrayList<byte[]>();
    var whole = new ArrayList<byte[]>();
    var texts = new ArrayList<String>();
    for (var entry : entries) byName.put(entry.path("id").asText(), entry);
    for (var entry : entries) {
      entry.path("aliases").forEach(alias -> byName.putIfAbsent(alias.asText(), entry));
      var unified = service.name() + "~" + entry.path("id").asText();
      if (isUsable(entry)) openAi.add(openAi(service, unified, entry));
      whole.add(Json.bytes(Json.shallowCopy(entry).put("id", unified)));
      texts.add(text(unified, entry));
    }
    return new ModelListing(entries, usable, byName, openAi, whole, texts, told);
  }

  private static String text(String unified, ObjectNode entry) {
    var words = new StringJoiner("\n").add(unified);
    for (var field : List.of("description", "publisher", "architecture"))
      words.add(entry.path(field).asText(""));
    return words.toString().toLowerCase(Locale.ROOT);
  }

  private static boolean isUsable(ObjectNode entry) {
    return entry.path("usable").asBoolean(true);
  }

  private static byte[] openAi(Service service, String unified, ObjectNode entry) {
    return Json.bytes(
        Json.object()
            .put("id", unified)
            .put("object", "model")
            .put("created", entry.path("created").asLong(0))
            .put("owned_by", service.name()));
  }
}
