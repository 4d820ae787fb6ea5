package io.caravan.local;

/** The one model that clients of the small local server have in mind. */
final class CurrentModel {

  private final LocalModels models;
  private volatile String name;

  /**
   * @param name what was asked for at the start, null if nothing was
   */
  CurrentModel(LocalModels models, String name) {
    this.models = models;
    this.name = name;
  }

  void set(String next) {
    name = next;
  }

  /** Whether a name is the set model's, and that one runs. Reads no files. */
  boolean is(String other) {
    var set = name;
    return set != null && models.running(set).filter(model -> model.answersTo(other)).isPresent();
  }

  /** Its name, or that of the first model that runs; null if there is none. Reads no files. */
  String name() {
    var set = name;
    if (set != null) return set;
    return models.running().findFirst().map(LocalModel::file).orElse(null);
  }

  /** The model that was set, or the first one that is loaded; null if there is none. */
  LocalModel model() {
    var set = name == null ? null : models.find(name).orElse(null);
    if (set != null && set.state() != LocalModel.State.NOT_LOADED) return set;
    return models.models().stream()
        .filter(each -> each.state() == LocalModel.State.LOADED)
        .findFirst()
        .orElse(set);
  }
}
