package io.caravan.local;

import java.util.Map;
import java.util.function.Function;

/** The engines by their names, each model with the one that is configured for it. */
final class Engines implements WorkerLauncher {

  private final Map<String, WorkerLauncher> engines;
  private final Function<LocalModel, String> choice;

  /**
   * @param choice the name of the engine for a model
   */
  Engines(Map<String, WorkerLauncher> engines, Function<LocalModel, String> choice) {
    this.engines = engines;
    this.choice = choice;
  }

  @Override
  public WorkerProcess launch(LocalModel model, LoadOptions options) {
    return of(model).launch(model, options);
  }

  @Override
  public String refusal(LocalModel model) {
    return of(model).refusal(model);
  }

  @Override
  public long bytesNeeded(LocalModel model, LoadOptions options) {
    return of(model).bytesNeeded(model, options);
  }

  private WorkerLauncher of(LocalModel model) {
    return engines.get(choice.apply(model));
  }
}
