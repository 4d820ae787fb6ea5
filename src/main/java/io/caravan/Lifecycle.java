package io.caravan;

import io.caravan.backend.Backend;
import io.caravan.catalog.Catalog;
import io.caravan.files.AllowedFolders;
import io.caravan.files.Downloads;
import io.caravan.files.Hub;
import io.caravan.files.ImportedFiles;
import io.caravan.files.LocalLifecycle;
import io.caravan.jobs.JobLimits;
import io.caravan.jobs.JobSteps;
import io.caravan.jobs.Jobs;
import io.caravan.jobs.JobsApi;
import io.caravan.jobs.JobsComponent;
import io.caravan.local.LocalModels;
import io.caravan.settings.Configuration;
import io.caravan.settings.Locations;
import io.caravan.store.Database;
import io.caravan.store.DatabaseUrl;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.apache.camel.Processor;
import org.apache.camel.main.Main;

/** Puts together what installs, loads and unloads models. */
final class Lifecycle implements AutoCloseable {

  private static final int FILES_AT_A_TIME = 8;

  private final Configuration configuration;
  private final Locations locations;
  private final Map<String, String> environment;
  private final Catalog catalog;
  private final List<Path> models;
  private final Jobs jobs;
  private final JobsApi api;
  private final ExecutorService files =
      Executors.newFixedThreadPool(
          FILES_AT_A_TIME,
          task -> {
            var thread = new Thread(task, "files");
            thread.setDaemon(true);
            return thread;
          });

  Lifecycle(
      Configuration configuration,
      Locations locations,
      Map<String, String> environment,
      Database database,
      Catalog catalog,
      Supplier<Configuration> now,
      Clock clock) {
    this.configuration = configuration;
    this.locations = locations;
    this.environment = environment;
    this.catalog = catalog;
    models = locations.folders(configuration.get("caravan.local.models", "models"));
    var limits = JobLimits.of(configuration);
    jobs = new Jobs(database, catalog::services, allowed(), limits, clock);
    api = new JobsApi(jobs, now);
  }

  /** Every bean that the routes and Kamelets of jobs name. */
  void bind(Main main, LocalModels localModels) {
    var folder = models.isEmpty() ? Path.of("models").toAbsolutePath() : models.get(0);
    main.bind("jobs-component", new JobsComponent(jobs));
    main.bind("jobSteps", new JobSteps());
    main.bind("jobsApi", api);
    main.bind(
        "downloads", new Downloads(folder, Hub.of(configuration, environment), localModels, files));
    main.bind("importedFiles", new ImportedFiles(allowed(), folder, files));
    var backend = Backend.of(catalog, jobs, api, localModels, configuration, environment);
    main.bind("activeBackend", backend.active());
    main.bind("activeModel", (Processor) backend.defaults()::model);
    main.bind("generationDefaults", (Processor) backend.defaults()::generation);
    main.bind("backendApi", backend.api());
    main.bind("localLifecycle", new LocalLifecycle(localModels, files));
  }

  Jobs jobs() {
    return jobs;
  }

  void start() {
    jobs.start(DatabaseUrl.of(configuration).isExclusive());
  }

  /** Ends what runs; it goes on after the next start where that can be. */
  void stopping() {
    jobs.close();
  }

  @Override
  public void close() {
    api.close();
    files.shutdownNow();
  }

  private AllowedFolders allowed() {
    var roots = configuration.get("caravan.local.import-roots", "");
    var folders = new ArrayList<>(models);
    folders.addAll(locations.folders(roots.replace("~", System.getProperty("user.home"))));
    return new AllowedFolders(folders);
  }
}
