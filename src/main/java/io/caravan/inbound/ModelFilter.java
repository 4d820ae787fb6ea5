package io.caravan.inbound;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.catalog.Capability;
import io.caravan.catalog.Service;
import io.caravan.catalog.Services;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.json.Json;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BiPredicate;
import org.apache.camel.Message;

/**
 * Which models a client wants to see: the parameters of {@code GET /llm/models}, but for its text.
 */
final class ModelFilter {

  private static final List<String> TYPES =
      List.of("llm", "vlm", "embeddings", "vision", "unknown");
  private static final List<String> FLAGS =
      List.of("streaming", "instructed", "coding", "tooling", "is_mlx", "is_gguf");

  private ModelFilter() {}

  /** The filters of a request as one. */
  static BiPredicate<Service, ObjectNode> of(Message request, Services services) {
    BiPredicate<Service, ObjectNode> all = (each, entry) -> true;
    var service = text(request, "service");
    if (service != null) {
      if (services.get(service) == null) throw LlmServices.notFound(service);
      all = all.and((each, entry) -> each.name().equals(service));
    }
    var type = text(request, "type");
    if (type != null && !TYPES.contains(type)) throw unknown("type", type, TYPES.toString());
    if (type != null) all = all.and((each, entry) -> entry.path("type").asText().equals(type));
    var state = text(request, "state");
    if (state != null) {
      var plain = state.replace('-', ' ').replace('_', ' ');
      all = all.and((each, entry) -> entry.path("state").asText().equals(plain));
    }
    var capability = text(request, "capability");
    return capability == null ? all : all.and(capability(capability));
  }

  /** A column, a word of the service's for what its model can do, or one of the fourteen flags. */
  private static BiPredicate<Service, ObjectNode> capability(String name) {
    var flag =
        Arrays.stream(Capability.values())
            .filter(each -> each.name().equalsIgnoreCase(name))
            .findAny();
    if (flag.isPresent()) {
      return (service, entry) -> service.provider().capabilities().contains(flag.get());
    }
    var word = name.toLowerCase(Locale.ROOT);
    for (var column : FLAGS) {
      boolean meant = column.equals(word) || column.equals("is_" + word);
      if (meant) return (service, entry) -> entry.path(column).asBoolean();
    }
    return switch (word) {
      case "tools" -> (service, entry) -> entry.path("tooling").asBoolean();
      case "embedding", "embeddings" -> (service, entry) -> is(entry, "embeddings");
      case "vision" -> (service, entry) -> is(entry, "vlm") || is(entry, "vision");
      case "chat", "completion", "llm" -> (service, entry) -> is(entry, "llm") || is(entry, "vlm");
      default -> (service, entry) -> Json.texts(entry.path("capabilities")).contains(word);
    };
  }

  private static boolean is(ObjectNode entry, String type) {
    return entry.path("type").asText().equals(type);
  }

  static String text(Message request, String name) {
    var value = request.getHeader(name, String.class);
    return value == null || value.isBlank() ? null : value.strip();
  }

  private static InvalidRequest unknown(String name, String value, String possible) {
    return new InvalidRequest(
        "The %s '%s' is not known; possible are %s.".formatted(name, value, possible), name, null);
  }
}
