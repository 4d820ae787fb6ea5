package io.caravan.local;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException;
import io.caravan.inbound.RequestReader;
import io.caravan.json.Json;
import io.caravan.local.worker.RequestCheck;
import io.caravan.streaming.Cancellation;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.camel.Exchange;

/**
 * The API of a small local server under {@code /local}, which has one model at a time in mind: the
 * routes in {@code routes/local}. Each method returns what becomes the body.
 */
public final class SmallServer {

  private static final int NOT_LOADED = 503;

  /** Exchange property with the {@link Chat} of a call. */
  private static final String CHAT = "CaravanSmallServerChat";

  private final LocalModels models;
  private final LocalService service;
  private final LocalCalls calls;
  private final CurrentModel current;

  /** Which model a chat is for, and how it is to be loaded. */
  private record Chat(String model, LoadOptions options) {}

  /**
   * @param current the model that was asked for at the start, null if none was
   */
  public SmallServer(LocalModels models, LocalService service, LocalCalls calls, String current) {
    this.models = models;
    this.service = service;
    this.calls = calls;
    this.current = new CurrentModel(models, current);
  }

  /** {@code GET /}: what runs. */
  public byte[] status() {
    var model = current.model();
    var status = Json.object().put("status", "ok").put("message", "Caravan's local models");
    return Json.bytes(
        status
            .put("model", model == null ? null : model.file())
            .put("state", state(model))
            .put("models", models.models().stream().filter(LocalModel::offered).count()));
  }

  /** {@code GET /health}: 200 if a model is loaded, else 503. */
  public byte[] health(Exchange exchange) {
    var model = current.model();
    if (model != null && model.state() == LocalModel.State.LOADED) {
      var message = "The model " + model.file() + " is loaded.";
      return Json.bytes(Json.object().put("status", "ok").put("message", message));
    }
    exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, NOT_LOADED);
    var message =
        model == null ? "No model is loaded." : "The model " + model.file() + ": " + state(model);
    if (model != null && model.error() != null) message += ", " + model.error();
    return Json.bytes(Json.object().put("status", state(model)).put("message", message));
  }

  /** {@code GET /models}: the files of the models that can be loaded. */
  public byte[] models() {
    var list = Json.object();
    var names = list.putArray("models");
    models.models().stream().filter(LocalModel::offered).map(LocalModel::file).forEach(names::add);
    return Json.bytes(list);
  }

  /** {@code POST /setModel}: answers when the model is loaded. */
  public CompletionStage<byte[]> setModel(Exchange exchange) {
    var wish = SmallServerRequest.of(body(exchange));
    var name = wish.modelName();
    return load(exchange, models.load(name, wish.options()))
        .thenApply(
            loaded -> {
              current.set(name);
              var file = models.find(name).map(LocalModel::file).orElse(name);
              var message = "The model " + file + " is loaded.";
              return Json.bytes(
                  Json.object()
                      .put("status", "ok")
                      .put("message", message)
                      .put("model_name", file)
                      .set("ignored_load_model_configs", wish.ignored()));
            });
  }

  /** {@code POST /chat/completions}: the request as OpenAI has it. */
  public byte[] chat(Exchange exchange) {
    var wish = SmallServerRequest.of(body(exchange));
    var chat = new Chat(wish.model(current.name()), wish.options());
    exchange.setProperty(CHAT, chat);
    return Json.bytes(wish.openAi(service.unified(chat.model())));
  }

  /**
   * Has the model of a chat loaded with what the request says of loading, if it is not the loaded
   * one and the request makes sense to it.
   */
  public CompletionStage<ObjectNode> switchTo(Exchange exchange) {
    var chat = exchange.getProperty(CHAT, Chat.class);
    var request = (ObjectNode) exchange.getMessage().getBody();
    if (current.is(chat.model())) return CompletableFuture.completedStage(request);
    return load(
            exchange,
            models.load(
                chat.model(),
                chat.options(),
                model -> RequestCheck.of("chat", request, model.gguf())))
        .thenApply(loaded -> request);
  }

  /** A model that has answered a chat is the one that clients have in mind from now on. */
  public void switched(Exchange exchange) {
    current.set(exchange.getProperty(CHAT, Chat.class).model());
  }

  /** {@code POST /restore_cache}: evaluates a prompt ahead and keeps it. */
  public CompletionStage<byte[]> restoreCache(Exchange exchange) {
    var wish = SmallServerRequest.of(body(exchange));
    var prompt = wish.prompt();
    return calls
        .lease(exchange, wish.model(current.name()), Claim.GENERATE)
        .thenCompose(lease -> models.prewarming().warm(lease, prompt, client(exchange)))
        .thenApply(done -> Json.bytes(done.put("status", "ok")));
  }

  private static CompletionStage<Lease> load(Exchange exchange, CompletableFuture<Lease> loading) {
    client(exchange)
        .onCancel(() -> loading.completeExceptionally(new GatewayException.Cancelled()));
    return loading;
  }

  private static String state(LocalModel model) {
    return model == null ? LocalModel.State.NOT_LOADED.toString() : model.state().toString();
  }

  private static Cancellation client(Exchange exchange) {
    return exchange.getProperty(Cancellation.PROPERTY, Cancellation.class);
  }

  private static ObjectNode body(Exchange exchange) {
    return RequestReader.parse((byte[]) exchange.getMessage().getBody());
  }
}
