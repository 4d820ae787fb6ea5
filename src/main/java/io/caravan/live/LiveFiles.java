package io.caravan.live;

import io.caravan.catalog.Provider;
import io.caravan.catalog.Providers;
import io.caravan.settings.Configuration;
import io.caravan.settings.Sources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at what people edit while Caravan runs: the settings file and the Kamelets in their
 * folders. What is right counts at once; what is wrong is refused and changes nothing.
 */
public final class LiveFiles {

  private static final Logger LOG = LoggerFactory.getLogger(LiveFiles.class);

  /** The settings that take effect while calls run. */
  private static final String LIVE =
      "caravan\\.((service|model|limits|retry|stream|breaker)\\..+|default-service|default-model)";

  private static final String SERVICE = "caravan.service.";

  private final LiveConfiguration live;
  private final Sources sources;
  private final Providers providers;
  private final Refusals refusals;
  private final WatchedFile settings;
  private final KameletFolders folders;
  private final Set<String> missed = new TreeSet<>();
  private KameletVersions kamelets;

  public LiveFiles(
      LiveConfiguration live, Sources sources, Providers providers, Refusals refusals) {
    this.live = live;
    this.sources = sources;
    this.providers = providers;
    this.refusals = refusals;
    settings = new WatchedFile(sources.file());
    folders = new KameletFolders(providers);
  }

  /** Loads the Kamelets that are there; to be called when Camel has started. */
  public synchronized void start(CamelContext context) {
    live.start(context);
    kamelets = new KameletVersions(context);
    providers.watched();
    var files = folders.files();
    folders.taken(files);
    files.forEach(this::kamelet);
  }

  /** To be called every now and then: what has changed is taken at the second look at it. */
  public synchronized void look() {
    var changed = folders.changed();
    changed.forEach(this::kamelet);
    var file = sources.file();
    boolean waits = file != null && refusals.has(file.toString());
    if (waits && !changed.isEmpty()) settings.again(); // it may be that it only lacked these
    if (settings.hasChanged(file)) settings(file);
    List.copyOf(missed).forEach(this::forget);
    live.sweep();
  }

  private void kamelet(String name, Path file) {
    var path = folders.path(name).toString();
    missed.remove(name);
    if (file == null && !kamelets.isShipped(name)) missed.add(name);
    if (forget(name)) return;
    var before = providers.now(name);
    try {
      var next = kamelets.load(name, file);
      providers.accept(next);
      renew(before, next);
      refusals.settled(path);
      LOG.info("The provider '{}' is in force as {} has it", name, file == null ? "the jar" : path);
    } catch (IllegalArgumentException e) {
      var reason = file == null ? "it is gone, and services need it" : e.getMessage();
      if (before == null) providers.refuse(name, path + " is refused: " + reason);
      refusals.refuse(path, reason);
    }
  }

  /** Lets go of a provider whose file is gone, as soon as no service needs it; whether it went. */
  private boolean forget(String name) {
    if (!missed.contains(name) || live.uses(name)) return false;
    missed.remove(name);
    var path = folders.path(name).toString();
    providers.forget(name);
    refusals.settled(path);
    LOG.info("The provider '{}' is gone with {}", name, path);
    return true;
  }

  private void renew(Provider before, Provider next) {
    try {
      // settings that were wrong before are no fault of this file
      live.renew((service, problem) -> live.isInUse(service) || !problem.startsWith(SERVICE));
    } catch (IllegalArgumentException e) {
      if (before == null) providers.forget(next.name());
      else providers.accept(before);
      throw new IllegalArgumentException(kamelets.where(next.name(), e.getMessage()), e);
    }
  }

  private void settings(Path file) {
    if (file == null || !Files.exists(file)) {
      LOG.warn("The settings file is gone; what it said stays until Caravan is started again");
      return;
    }
    try {
      var before = live.layers().users();
      var next = sources.read();
      live.change(live.layers().users(next), live::isNew, () -> {});
      refusals.settled(file.toString());
      tell(file, before, next);
    } catch (IllegalArgumentException | IOException e) {
      refusals.refuse(file.toString(), e.getMessage().replace(file + ": ", ""));
    }
  }

  private void tell(Path file, Configuration before, Configuration next) {
    Set<String> strange = new HashSet<>(next.unknown());
    strange.removeAll(before.unknown());
    strange.forEach(key -> LOG.warn("The setting {} is not known", key));
    List<String> inForce = new ArrayList<>();
    List<String> later = new ArrayList<>();
    for (var key : next.differing(before)) {
      if (!strange.contains(key)) (key.matches(LIVE) ? inForce : later).add(key);
    }
    if (!inForce.isEmpty()) LOG.info("{} is in force: {}", file, String.join(", ", inForce));
    if (!later.isEmpty()) {
      LOG.warn(
          "{}: these settings take effect when Caravan is started again: {}",
          file,
          String.join(", ", later));
    }
  }
}
