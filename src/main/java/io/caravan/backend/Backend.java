package io.caravan.backend;

import io.caravan.catalog.Catalog;
import io.caravan.jobs.Jobs;
import io.caravan.jobs.JobsApi;
import io.caravan.local.LocalModels;
import io.caravan.settings.Configuration;
import java.util.Map;

/**
 * The beans of the simple API.
 *
 * @param active which model serves requests that name none
 * @param api what HTTP clients see of it
 */
public record Backend(ActiveBackend active, BackendApi api) {

  /** Puts them together. */
  public static Backend of(
      Catalog catalog,
      Jobs jobs,
      JobsApi ends,
      LocalModels local,
      Configuration configuration,
      Map<String, String> environment) {
    var active = new ActiveBackend(catalog, jobs, ends, GenerationConfig.of(configuration));
    var cache = HubCache.of(environment);
    return new Backend(active, new BackendApi(active, catalog, local, cache, configuration));
  }
}
