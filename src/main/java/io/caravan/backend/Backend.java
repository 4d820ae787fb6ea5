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
 * @param defaults what it gives to requests
 * @param api what HTTP clients see of it
 */
public record Backend(ActiveBackend active, RequestDefaults defaults, BackendApi api) {

  /** Puts them together. */
  public static Backend of(
      Catalog catalog,
      Jobs jobs,
      JobsApi ends,
      LocalModels local,
      Configuration configuration,
      Map<String, String> environment) {
    var active = new ActiveBackend(catalog, jobs, ends);
    var defaults = new RequestDefaults(active, GenerationConfig.of(configuration));
    var cache = HubCache.of(environment);
    var api = new BackendApi(active, defaults, catalog, local, cache, configuration);
    return new Backend(active, defaults, api);
  }
}
