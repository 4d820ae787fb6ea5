package io.caravan.routing;

import io.caravan.catalog.Catalog;
import io.caravan.catalog.Service;

/** Finds the model that a name means among those that are known, in the order of the readings. */
final class ModelFinder {

  private final Catalog catalog;

  ModelFinder(Catalog catalog) {
    this.catalog = catalog;
  }

  /**
   * The unified name of a model that is loaded, or null.
   *
   * @param embeds whether it is to embed, which those that generate do not, and the reverse
   */
  String firstLoaded(boolean embeds) {
    for (var listed : catalog.all().entrySet()) {
      for (var model : listed.getValue()) {
        boolean fits = embeds == model.path("type").asText().equals("embeddings");
        if (fits && model.path("loaded").asBoolean()) {
          return Target.of(listed.getKey(), model.path("id").asText()).unifiedName();
        }
      }
    }
    return null;
  }

  /**
   * The target that a name stands for, or null.
   *
   * @param defaultService asked first for a name without a service, null for none
   */
  Target find(String name, String defaultService) {
    var readings = ModelName.readings(name);
    for (var reading : readings) {
      var target = reading.service() == null ? plain(name, defaultService) : explicit(reading);
      if (target != null) return target;
    }
    for (var reading : readings) {
      var target = untold(reading, defaultService);
      if (target != null) return target;
    }
    return null;
  }

  private Target explicit(ModelName reading) {
    var service = catalog.services().get(reading.service());
    return service == null ? null : listed(service, reading.model());
  }

  private Target plain(String model, String defaultService) {
    var preferred = defaultService == null ? null : catalog.services().get(defaultService);
    var target = preferred == null ? null : listed(preferred, model);
    if (target != null) return target;
    for (var service : catalog.services().all()) {
      target = listed(service, model);
      if (target != null) return target;
    }
    return null;
  }

  /** A service whose list is not known is simply tried: it knows best what it has. */
  private Target untold(ModelName reading, String defaultService) {
    var name = reading.service() == null ? defaultService : reading.service();
    var service = name == null ? null : catalog.services().get(name);
    return service != null && catalog.models(service) == null
        ? Target.of(service, reading.model())
        : null;
  }

  private Target listed(Service service, String model) {
    var found = catalog.model(service, model);
    return found == null ? null : Target.of(service, found.path("id").asText());
  }

  /**
   * A model that its service does not list: the service knows best. Null without such a service.
   */
  Target untried(String name) {
    for (var reading : ModelName.readings(name)) {
      var service = reading.service() == null ? null : catalog.services().get(reading.service());
      if (service != null) return Target.of(service, reading.model());
    }
    return null;
  }

  /** Whether the target's service lists the model, so that no client has invented it. */
  boolean isListed(Target target) {
    return catalog.model(target.service(), target.model()) != null;
  }

  /** Whether the list of the target's service says that the model is being loaded. */
  boolean isLoading(Target target) {
    var model = catalog.model(target.service(), target.model());
    return model != null && model.path("state").asText().equals("loading");
  }
}
