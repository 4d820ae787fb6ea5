package io.caravan.local;

import io.caravan.errors.GatewayException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The models that there are: what lies in the folders, and what runs. */
final class Inventory {

  private static final int RETRY_SECONDS = 5;

  private final ModelFolders folders;
  private final WorkerLauncher launcher;
  private final Admission admission;

  Inventory(ModelFolders folders, WorkerLauncher launcher, Admission admission) {
    this.folders = folders;
    this.launcher = launcher;
    this.admission = admission;
  }

  List<Path> folders() {
    return folders.folders();
  }

  /** Every model with its state; also one that runs although its file is gone. */
  List<LocalModel> models() {
    var models = new ArrayList<LocalModel>();
    for (var model : folders.models()) models.add(withState(model));
    for (var worker : admission.workers()) {
      var model = worker.model();
      boolean listed = models.stream().anyMatch(each -> each.path().equals(model.path()));
      if (!listed && worker.loaded()) models.add(withState(model));
    }
    return models;
  }

  Optional<LocalModel> find(String name) {
    return models().stream().filter(model -> model.answersTo(name)).findFirst();
  }

  /** The models that are loaded and take requests, without a look at the folders. */
  Stream<LocalModel> running() {
    return admission.workers().stream()
        .filter(worker -> worker.loaded() && !worker.retired())
        .map(Worker::model);
  }

  /** The one of them with a name. */
  Optional<LocalModel> running(String name) {
    return running().filter(model -> model.answersTo(name)).findFirst();
  }

  /**
   * A model that can be loaded, as far as its file is concerned.
   *
   * @throws GatewayException if there is none, or it is refused
   */
  LocalModel wanted(String name) {
    var model = find(name).orElseThrow(() -> new GatewayException.ModelNotFound(name));
    if (!model.loadable()) throw refused(model);
    return model;
  }

  private LocalModel withState(LocalModel model) {
    var worker = admission.worker(model.path());
    if (worker != null && !worker.ending()) {
      var state = worker.loaded() ? LocalModel.State.LOADED : LocalModel.State.LOADING;
      return worker.model().in(state, null);
    }
    if (!model.loadable()) return model;
    var refusal = launcher.refusal(model);
    if (refusal == null) refusal = admission.refusal(model);
    if (refusal != null) return model.refused(refusal);
    var crash = admission.lastCrash(model.path());
    return crash == null ? model : model.in(LocalModel.State.ERROR, crash);
  }

  /** What is told of a model that is not loaded, for the reason that it carries. */
  static GatewayException refused(LocalModel model) {
    var message = "The model `" + model.name() + "` cannot be loaded: " + model.error() + ".";
    return model.state() == LocalModel.State.INCOMPLETE
        ? new GatewayException.Unavailable(message + " It is still growing.", RETRY_SECONDS)
        : new GatewayException.InvalidRequest(message, "model", "invalid_model_file");
  }
}
