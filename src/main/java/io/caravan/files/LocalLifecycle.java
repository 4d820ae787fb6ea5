package io.caravan.files;

import io.caravan.errors.GatewayException;
import io.caravan.local.LocalModels;
import io.caravan.streaming.Cancellation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;

/** Loads, unloads and deletes local models: what the llamacpp Kamelet calls. */
public final class LocalLifecycle {

  private final LocalModels models;
  private final Executor executor;

  public LocalLifecycle(LocalModels models, Executor executor) {
    this.models = models;
    this.executor = executor;
  }

  /** Completes when the model is in memory. */
  public CompletionStage<Void> load(Exchange exchange, @Variable("model") String model) {
    var loaded = new CompletableFuture<Void>();
    exchange
        .getProperty(Cancellation.PROPERTY, Cancellation.class)
        .onCancel(() -> loaded.completeExceptionally(new GatewayException.Cancelled()));
    models
        .start(model)
        .whenComplete(
            (address, failure) -> {
              if (failure == null) loaded.complete(null);
              else loaded.completeExceptionally(failure);
            });
    return loaded;
  }

  /** Completes when the model's process has ended. */
  public CompletionStage<Void> unload(@Variable("model") String model) {
    if (models.find(model).isEmpty()) throw new GatewayException.ModelNotFound(model);
    return models.unload(model);
  }

  /** Unloads the model and deletes its file, or its files if it is split. */
  public CompletionStage<Void> delete(@Variable("model") String model) {
    var path =
        models.find(model).orElseThrow(() -> new GatewayException.ModelNotFound(model)).path();
    return models.unload(model).thenRunAsync(() -> delete(path), executor);
  }

  /** A download ends with its connection; a model that loads is unloaded. */
  public CompletionStage<Void> cancel(
      @Variable("model") String model, @Variable("cancelled") String type) {
    return "load".equals(type) ? models.unload(model) : CompletableFuture.completedStage(null);
  }

  private static void delete(Path first) {
    var name = first.getFileName().toString();
    var split = name.matches(".*-\\d{5}-of-\\d{5}\\.gguf");
    var pattern = split ? name.replaceFirst("-\\d{5}-of-", "-[0-9][0-9][0-9][0-9][0-9]-of-") : null;
    try {
      if (!split) {
        remove(first);
        return;
      }
      try (var parts = Files.newDirectoryStream(first.getParent(), glob(pattern))) {
        for (var part : parts) remove(part);
      }
    } catch (IOException e) {
      throw Space.failure(e);
    }
  }

  private static void remove(Path file) throws IOException {
    Files.delete(file);
    Files.deleteIfExists(Origin.note(file));
  }

  private static String glob(String pattern) {
    return pattern.replaceAll("[{}*?\\\\]", "?");
  }
}
