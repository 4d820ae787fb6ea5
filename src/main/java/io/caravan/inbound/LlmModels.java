package io.caravan.inbound;

import io.caravan.catalog.Catalog;
import io.caravan.catalog.CatalogView;
import io.caravan.catalog.CatalogView.Page;
import io.caravan.catalog.Service;
import io.caravan.errors.GatewayException;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.json.Json;
import io.caravan.routing.Target;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.apache.camel.Message;
import org.apache.camel.Variable;

/** The models of the catalog with all that is known of them: {@code /llm/models}. */
public final class LlmModels {

  private static final int MOST = 100_000;
  private static final List<String> PARAMETERS =
      List.of("service", "type", "state", "capability", "text", "limit", "offset");

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
    var wanted = ModelFilter.of(request, catalog.services());
    int limit = number(request, "limit", MOST);
    int offset = number(request, "offset", 0);
    var text = ModelFilter.text(request, "text");
    var lower = text == null ? null : text.toLowerCase(Locale.ROOT);
    var page = new Page(name(request), wanted, lower, offset, limit);
    var kept = view.kept(page);
    if (kept != null) return CompletableFuture.completedStage(kept);
    return CompletableFuture.supplyAsync(() -> view.page(page), worker);
  }

  private static String name(Message request) {
    return PARAMETERS.stream()
        .map(name -> request.getHeader(name, "", String.class))
        .collect(Collectors.joining("\n"));
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

  private static int number(Message request, String name, int otherwise) {
    var value = ModelFilter.text(request, name);
    if (value == null) return otherwise;
    if (value.matches("\\d{1,9}")) return Integer.parseInt(value);
    throw new InvalidRequest(
        "The parameter '" + name + "' must be a whole number of 0 or more.", name, null);
  }
}
