package io.caravan.local;

import io.caravan.settings.Configuration;
import io.caravan.settings.Locations;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Puts local models together as {@code caravan.local.*} has it. */
public final class LocalSettings {

  private static final long MEGABYTE = 1L << 20;

  private final Configuration configuration;

  public LocalSettings(Configuration configuration) {
    this.configuration = configuration;
  }

  /**
   * The models with their engines.
   *
   * @throws IllegalArgumentException naming a setting that makes no sense
   */
  public LocalModels models(Locations locations, Clock clock) {
    var folders =
        new ModelFolders(
            locations.folders(configuration.get("caravan.local.models", "")),
            configuration.flag("caravan.local.follow-links", false),
            clock);
    var cache = cache();
    var engines = new Prewarming(engines(cache), cache, remembers());
    return new LocalModels(folders, limits(), engines, memory(), clock, Desk.ofThreads());
  }

  private Limits limits() {
    return new Limits(
        seconds("caravan.local.load-timeout-sec", 120),
        number("caravan.local.max-loaded", 4, 1),
        number("caravan.local.max-waiting", 256, 0),
        seconds("caravan.local.queue-timeout-sec", 60),
        seconds("caravan.local.idle-unload-sec", 0),
        number("caravan.local.threads", 0, 0),
        Runtime.getRuntime().availableProcessors());
  }

  private Memory memory() {
    long megabytes = number("caravan.local.memory-mb", 0, 0);
    var machine = new MachineMemory(Path.of("/"));
    return megabytes == 0 ? machine : machine.limitedTo(megabytes * MEGABYTE);
  }

  private PromptCache cache() {
    var folder = configuration.get("caravan.local.cache-dir");
    int entries = number("caravan.local.cache-max-entries", 32, 0);
    long bytes = number("caravan.local.cache-max-mb", 1024, 0) * MEGABYTE;
    boolean none = folder == null || entries == 0 || !remembers();
    return new PromptCache(none ? null : Path.of(folder), entries, bytes);
  }

  private boolean remembers() {
    return oneOf("caravan.local.prompt-cache", "on", "off").equals("on");
  }

  private WorkerLauncher engines(PromptCache cache) {
    var slots =
        new WorkerJvms.Slots(
            number("caravan.local.parallel", 2, 1), number("caravan.local.context", 8192, 1), 1);
    var engines =
        Map.of(
            WorkerJvms.NAME,
            new WorkerJvms(slots, gpu(), remembers()),
            LlamaServers.NAME,
            new LlamaServers(binary(), slots, gpu(), cache, remembers()));
    var usual = engine("caravan.local.engine", WorkerJvms.NAME, engines);
    return new Engines(
        engines,
        model -> {
          var own = ofModel(model, "engine");
          return own == null || !engines.containsKey(own) ? usual : own;
        });
  }

  private String engine(String key, String otherwise, Map<String, ?> engines) {
    var name = configuration.get(key, otherwise);
    if (engines.containsKey(name)) return name;
    throw new IllegalArgumentException(key + " must be jllama or llama-server, but is " + name);
  }

  /** A setting for one model, under its short name or its file's name without {@code .gguf}. */
  private String ofModel(LocalModel model, String setting) {
    var own = configuration.get("caravan.local.model." + model.name() + "." + setting);
    return own != null
        ? own
        : configuration.get("caravan.local.model." + model.stem() + "." + setting);
  }

  private Path binary() {
    var configured = configuration.get("caravan.local.llama-server");
    if (configured == null) return Tether.onPath(LlamaServers.NAME);
    var program = Path.of(configured);
    if (Files.isExecutable(program)) return program.toAbsolutePath();
    throw new IllegalArgumentException(
        "caravan.local.llama-server is not a program that can be run: " + configured);
  }

  private Gpu gpu() {
    return new Gpu(
        number("caravan.local.gpu-layers", -1, 0),
        number("caravan.local.main-gpu", -1, 0),
        configuration.get("caravan.local.devices", ""),
        oneOf("caravan.local.flash-attention", "auto", "on", "off"));
  }

  /** The first of the values is the usual one. */
  private String oneOf(String key, String... values) {
    var value = configuration.get(key, values[0]);
    if (List.of(values).contains(value)) return value;
    throw new IllegalArgumentException(
        key + " must be one of " + String.join(", ", values) + ", but is " + value);
  }

  private Duration seconds(String key, int otherwise) {
    return Duration.ofMillis((long) (configuration.number(key, otherwise) * 1000));
  }

  private int number(String key, int otherwise, int atLeast) {
    if (configuration.get(key) == null) return otherwise;
    double number = configuration.number(key, otherwise);
    if (number >= atLeast && number <= Integer.MAX_VALUE) return (int) number;
    throw new IllegalArgumentException(key + " must be " + atLeast + " or more, but is " + number);
  }
}
