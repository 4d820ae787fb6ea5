package io.caravan.inbound;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException.InvalidRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.camel.Message;

/**
 * What a client looks for in a registry.
 *
 * @param registry one of {@link #REGISTRIES}
 * @param text what a name, tags or a description should hold; empty for all
 * @param sort a key of {@link #SORTS}
 */
record RegistrySearch(String registry, String text, String sort, int limit) {

  static final List<String> REGISTRIES = List.of("huggingface", "ollama", "cortex");

  /** What to sort by, and Hugging Face's word for it: https://huggingface.co/docs/hub/api */
  private static final Map<String, String> SORTS =
      Map.of(
          "downloads", "downloads",
          "likes", "likes",
          "trending_score", "trendingScore",
          "created_at", "createdAt",
          "modified_at", "lastModified",
          "name", "id");

  /**
   * Reads the parameters of a request.
   *
   * @throws InvalidRequest naming the parameter that makes no sense
   */
  static RegistrySearch of(Message request) {
    var registry = text(request, "registry", "huggingface").toLowerCase(Locale.ROOT);
    if (!REGISTRIES.contains(registry)) throw unknown("registry", registry, REGISTRIES);
    var sort = text(request, "sort", "downloads");
    if (sort.equals("trending")) sort = "trending_score";
    var sorts = SORTS.keySet().stream().sorted().toList();
    if (!sorts.contains(sort)) throw unknown("sort", sort, sorts);
    var limit = text(request, "limit", "50");
    if (limit.matches("[1-9]\\d{0,2}")) {
      return new RegistrySearch(
          registry, text(request, "search", ""), sort, Integer.parseInt(limit));
    }
    throw new InvalidRequest("'limit' must be a whole number from 1 to 999.", "limit", null);
  }

  /** The call of the registry's API, as an endpoint; Ollama's lists all, Cortex's is an author. */
  String endpoint() {
    if (registry.equals("ollama")) return "upstream:/api/tags?method=GET&brief=true";
    var author = registry.equals("cortex") ? "&author=cortexso" : "";
    return "upstream:/api/models?method=GET&brief=true&full=true&direction=-1&sort=%s&limit=%d%s&search=RAW(%s)"
        .formatted(SORTS.get(sort), limit, author, URLEncoder.encode(text, StandardCharsets.UTF_8));
  }

  /** Whether a model that the registry has listed is one of those that are looked for. */
  boolean wants(ObjectNode model) {
    boolean searched = !registry.equals("ollama"); // the registry has done it, in its own way
    var name = model.path("name").asText().toLowerCase(Locale.ROOT);
    return searched || name.contains(text.toLowerCase(Locale.ROOT));
  }

  /** Best first. */
  Comparator<ObjectNode> order() {
    if (sort.equals("name")) return Comparator.comparing(model -> model.path("name").asText());
    if (sort.equals("modified_at")) {
      return Comparator.comparing((ObjectNode model) -> model.path(sort).asText("")).reversed();
    }
    var field = sort.equals("created_at") ? "created_at_ms" : sort;
    return Comparator.comparingDouble((ObjectNode model) -> model.path(field).asDouble(0))
        .reversed();
  }

  private static String text(Message request, String name, String otherwise) {
    var value = request.getHeader(name, String.class);
    return value == null || value.isBlank() ? otherwise : value.strip();
  }

  private static InvalidRequest unknown(String name, String value, List<String> possible) {
    var message = "The %s '%s' is not known; possible are %s.";
    return new InvalidRequest(
        message.formatted(name, value, String.join(", ", possible)), name, null);
  }
}
