package io.caravan.web;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.catalog.Catalog;
import io.caravan.catalog.Service;
import io.caravan.errors.GatewayException;
import io.caravan.inbound.ServiceJson;
import io.caravan.jobs.Jobs;
import io.caravan.json.Json;
import io.caravan.metrics.Tally;
import io.caravan.routing.Loads;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.function.IntSupplier;

/** What goes on, as one JSON object. Used by one thread, which may wait for the database. */
public final class Situation {

  private static final int MOST_MODELS = 200;
  private static final int MOST_JOBS = 20;
  private static final List<String> MODEL_FIELDS =
      List.of("type", "state", "capabilities", "tooling", "streaming", "size", "quantization");

  private final Catalog catalog;
  private final ServiceJson services;
  private final Jobs jobs;
  private final Loads loads;
  private final Tally tally;
  private final IntSupplier inFlight;
  private final Clock clock;
  private final Instant started;
  private final Samples samples = new Samples();
  private ArrayNode models = Json.array();
  private long version = -1;
  private int total;

  /**
   * One moment as server-sent events.
   *
   * @param whole with the models and what was before
   * @param brief without them, for who knows this version
   */
  record Events(long version, byte[] whole, byte[] brief) {}

  /**
   * @param inFlight calls that are not over
   */
  public Situation(
      Catalog catalog,
      ServiceJson services,
      Jobs jobs,
      Loads loads,
      Tally tally,
      IntSupplier inFlight,
      Clock clock) {
    this.catalog = catalog;
    this.services = services;
    this.jobs = jobs;
    this.loads = loads;
    this.tally = tally;
    this.inFlight = inFlight;
    this.clock = clock;
    started = clock.instant();
  }

  /**
   * Notes how much there was to do since the last time.
   *
   * @param watching calls in flight that only look on
   */
  void sample(int watching) {
    int busy = Math.max(0, inFlight.getAsInt() - watching);
    samples.add(busy, tally.count(), System.nanoTime());
  }

  Events now() {
    readModels();
    var now = Json.object().put("time", clock.instant().toString());
    now.put("started_at", started.toString());
    samples.latest(now);
    now.put("calls", tally.count().calls());
    var all = now.putArray("services");
    for (var service : catalog.services().all()) {
      all.add(services.brief(service).put("in_flight", loads.inFlight(service)));
    }
    putJobs(now);
    now.put("models_total", total).put("models_version", version);
    var brief = event(now);
    now.set("models", models);
    now.set("history", samples.history());
    return new Events(version, event(now), brief);
  }

  private void putJobs(ObjectNode to) {
    try {
      var list = to.putArray("jobs");
      jobs.latest(MOST_JOBS).forEach(job -> list.add(job.json()));
    } catch (GatewayException e) {
      to.putNull("jobs").put("jobs_error", e.getMessage());
    }
  }

  /** The loaded ones first, since not all of many are told. */
  private void readModels() {
    long now = catalog.version();
    if (now == version) return;
    version = now;
    models = Json.array();
    total = 0;
    for (boolean loaded : List.of(true, false)) {
      for (var service : catalog.services().all()) addModels(service, loaded);
    }
  }

  private void addModels(Service service, boolean loaded) {
    var entries = catalog.models(service);
    if (entries == null) return;
    for (var entry : entries) {
      boolean busy = List.of("loaded", "loading").contains(entry.path("state").asText());
      if (busy != loaded) continue;
      total++;
      if (models.size() >= MOST_MODELS) continue;
      var model = Json.object().put("id", service.name() + "~" + entry.path("id").asText());
      model.put("service", service.name());
      for (var field : MODEL_FIELDS) Json.copy(entry, field, model, field);
      models.add(model);
    }
  }

  private static byte[] event(ObjectNode situation) {
    return ("data: " + Json.text(situation) + "\n\n").getBytes(StandardCharsets.UTF_8);
  }
}
