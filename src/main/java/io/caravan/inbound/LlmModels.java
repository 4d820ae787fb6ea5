package io.caravan.inbound;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.catalog.Capability;
import io.caravan.catalog.Catalog;
import io.caravan.catalog.CatalogView;
import io.caravan.catalog.Service;
import io.caravan.errors.GatewayException;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.json.Json;
import io.caravan.routing.Target;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiPredicate;
import org.apache.camel.Message;
import org.apache.camel.Variable;

/** The models of the catalog with all that is known of them: {@code /llm/models}. */
public final class LlmModels {

  private static final int MOST = 100_000;
  private static final List<String> TYPES =
      List.of("llm", "vlm", "embeddings", "vision", "unknown");
  private static final List<String> FLAGS =
      List.of("streaming", "instructed", "coding", "tooling", "is_mlx", "is_gguf");

  private final Catalog catalog;
  private final CatalogView view;
  private final Executor worker;

  /**
   * @param worker looks through the catalog, which takes longer than an event loop may
   */
  public LlmModels(Catalog catalog, CatalogView view, Executor worker) {
    this.catalog = catalog;
    this.view = view;
    this.worker = worker;
  }

  /**
   * Body of {@code GET /llm/models}; filters {@code service}, {@code type}, {@code state}, {@code
   * capability} and {@code text}, and {@code limit} and {@code offset}.
   */
  public CompletionStage<byte[]> list(Message request) {
    var wanted = wanted(request);
    int limit = number(request, "limit", MOST);
    int offset = number(request, "offset", 0);
    if (wanted == null && limit == MOST && offset == 0) {
      return CompletableFuture.supplyAsync(view::whole, worker);
    }
    BiPredicate<Service, ObjectNode> filter = wanted == null ? (service, entry) -> true : wanted;
    return CompletableFuture.supplyAsync(() -> view.page(filter, offset, limit), worker);
  }

  /** Body of {@code GET /llm/services/{service}/models}: the same for one service. */
  public CompletionStage<byte[]> ofService(Message request, @Variable("service") Service service) {
    request.setHeader("service", service.name());
    return list(request);
  }

  /** Body of {@code GET /llm/models/{name}}: the model of the first target that a name leads to. */
  public byte[] one(@Variable("targets") List<?> targets) {
    var target = (Target) targets.get(0);
    return entry(target.service(), target.model());
  }

  /** Body of {@code GET /llm/services/{service}/models/{model}}. */
  public byte[] ofName(@Variable("service") Service service, @Variable("model") String model) {
    return entry(service, model);
  }

  private byte[] entry(Service service, String model) {
    var entry = catalog.model(service, model);
    if (entry == null) throw new GatewayException.ModelNotFound(service.name() + "~" + model);
    var unified = service.name() + "~" + entry.path("id").asText();
    return Json.bytes(Json.shallowCopy(entry).put("id", unified));
  }

  /** The filters of a request as one; null if there are none. */
  private BiPredicate<Service, ObjectNode> wanted(Message request) {
    BiPredicate<Service, ObjectNode> all = null;
    var service = text(request, "service");
    if (service != null) {
      known(service);
      all = and(all, (each, entry) -> each.name().equals(service));
    }
    var type = text(request, "type");
    if (type != null && !TYPES.contains(type)) throw unknown("type", type, TYPES.toString());
    if (type != null) all = and(all, (each, entry) -> entry.path("type").asText().equals(type));
    var state = text(request, "state");
    if (state != null) {
      var plain = state.replace('-', ' ').replace('_', ' ');
      all = and(all, (each, entry) -> entry.path("state").asText().equals(plain));
    }
    var capability = text(request, "capability");
    if (capability != null) all = and(all, capability(capability));
    var text = text(request, "text");
    return text == null ? all : and(all, (each, entry) -> holds(each, entry, text));
  }

  private void known(String service) {
    if (catalog.services().get(service) == null) throw LlmServices.notFound(service);
  }

  private static BiPredicate<Service, ObjectNode> and(
      BiPredicate<Service, ObjectNode> one, BiPredicate<Service, ObjectNode> other) {
    return one == null ? other : one.and(other);
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

  private static boolean holds(Service service, ObjectNode entry, String text) {
    var wanted = text.toLowerCase(Locale.ROOT);
    for (var field : List.of("id", "description", "publisher", "architecture")) {
      if (entry.path(field).asText("").toLowerCase(Locale.ROOT).contains(wanted)) return true;
    }
    return (service.name() + "~" + entry.path("id").asText())
        .toLowerCase(Locale.ROOT)
        .contains(wanted);
  }

  private static String text(Message request, String name) {
    var value = request.getHeader(name, String.class);
    return value == null || value.isBlank() ? null : value.strip();
  }

  private static int number(Message request, String name, int otherwise) {
    var value = text(request, name);
    if (value == null) return otherwise;
    if (value.matches("\\d{1,9}")) return Integer.parseInt(value);
    throw new InvalidRequest(
        "The parameter '" + name + "' must be a whole number of 0 or more.", name, null);
  }

  private static InvalidRequest unknown(String name, String value, String possible) {
    return new InvalidRequest(
        "The %s '%s' is not known; possible are %s.".formatted(name, value, possible), name, null);
  }
}
