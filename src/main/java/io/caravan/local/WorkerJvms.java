package io.caravan.local;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The engine {@code jllama}: Java processes from the very same installation and class path as this
 * one, with java-llama.cpp in them.
 */
public final class WorkerJvms implements WorkerLauncher {

  /** The name of this engine. */
  public static final String NAME = "jllama";

  private static final String MAIN = "io.caravan.local.worker.LlamaWorker";
  private static final String OWN_LIBRARY = "de.kherud.llama.lib.path";
  private static final long PROCESS_BYTES = 160L << 20;
  private static final int UNKNOWN_CONTEXT = 4096;

  /**
   * The gateway's own JVM options that a worker shares: class data archive, own llama.cpp build.
   */
  private static final List<String> INHERITED =
      List.of("-XX:SharedArchiveFile=", "-D" + OWN_LIBRARY + "=");

  private final Slots slots;
  private final Gpu gpu;
  private final boolean promptCache;

  /**
   * How a chat model is divided.
   *
   * @param parallel requests that are generated at the same time
   * @param context tokens for each of them, at most; fewer if the model was made for fewer
   * @param threads processor cores that compute
   */
  public record Slots(int parallel, int context, int threads) {
    /** One core stays free: llama.cpp collapses where another process takes one of its cores. */
    public static final Slots DEFAULT =
        new Slots(2, 8192, Math.max(1, Runtime.getRuntime().availableProcessors() - 1));

    /** As it is for one load of one model. */
    Slots with(LocalModel model, LoadOptions options) {
      int made = model.gguf().contextLength();
      int wanted = options.context() > 0 ? options.context() : context;
      return new Slots(
          model.gguf().kind() == Gguf.Kind.EMBEDDINGS ? 1 : parallel,
          Math.min(made > 0 ? made : UNKNOWN_CONTEXT, wanted),
          options.threads() > 0 ? options.threads() : threads);
    }

    long tokens() {
      return (long) parallel * context;
    }
  }

  /** Workers that compute on the CPU, as the library that comes along does. */
  public WorkerJvms(Slots slots) {
    this(slots, Gpu.ENGINES_CHOICE, true);
  }

  /**
   * @param promptCache whether a prompt may go on where an earlier one ended
   */
  WorkerJvms(Slots slots, Gpu gpu, boolean promptCache) {
    this.slots = slots;
    this.gpu = gpu;
    this.promptCache = promptCache;
    var temporary = Path.of(System.getProperty("java.io.tmpdir"));
    ChildProcess.daemon("old-workers", () -> WorkerFolder.sweep(temporary));
  }

  @Override
  public WorkerProcess launch(LocalModel model, LoadOptions options) {
    var fitted = slots.with(model, options);
    return new WorkerJvm(
        model.name(),
        folder -> new ProcessBuilder(command(model.path(), fitted, folder)),
        placement(fitted, model.gguf().shape().layers()));
  }

  @Override
  public String refusal(LocalModel model) {
    return Architectures.refusal(model.gguf());
  }

  @Override
  public long bytesNeeded(LocalModel model, LoadOptions options) {
    var tokens = slots.with(model, options).tokens();
    return MemoryNeed.bytes(model.gguf(), tokens, false, PROCESS_BYTES);
  }

  private static Placement placement(Slots slots, int layers) {
    boolean own = System.getProperty(OWN_LIBRARY) != null;
    var device = own ? Placement.UNKNOWN : "CPU";
    var reason =
        own
            ? "the library of -D" + OWN_LIBRARY + " has not told"
            : "java-llama.cpp's library computes on the CPU only";
    return new Placement(
        NAME, device, 0, layers, reason, slots.parallel, slots.context, slots.threads);
  }

  List<String> command(Path model, WorkerFolder folder) throws IOException {
    return command(model, slots, folder);
  }

  private List<String> command(Path model, Slots slots, WorkerFolder folder) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Started for one model at a time and mostly waiting for native code: start-up counts.
    command.addAll(
        List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Xshare:auto"));
    command.addAll(
        List.of("-Dvertx.disableDnsResolver=true", "-Dvertx.disableFileCPResolving=true"));
    command.addAll(List.of("-Xms32m", "-Xmx256m", "-XX:+ExitOnOutOfMemoryError"));
    command.add("-Djava.io.tmpdir=" + folder.path());
    command.add("-XX:ErrorFile=" + folder.crashReport()); // by default the working directory
    if (Runtime.version().feature() >= 22) command.add("--enable-native-access=ALL-UNNAMED");
    if (Runtime.version().feature() >= 24) command.add("-Dio.netty.noUnsafe=true"); // no warnings
    for (var option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (INHERITED.stream().anyMatch(option::startsWith)) command.add(option);
    }
    if (System.getProperty(OWN_LIBRARY) != null) command.addAll(graphics());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN));
    command.add(NativePath.of(model, folder).toString());
    command.add(Integer.toString(slots.parallel));
    command.add(Integer.toString(slots.context));
    command.add(Integer.toString(slots.threads));
    if (!promptCache) command.add("--no-prompt-cache");
    return command;
  }

  /** Only a library of the user's own may have use for these; the usual one ends at a device. */
  private List<String> graphics() {
    var options = new ArrayList<String>();
    if (gpu.layers() >= 0) options.add("-Dcaravan.local.gpu-layers=" + gpu.layers());
    if (gpu.main() >= 0) options.add("-Dcaravan.local.main-gpu=" + gpu.main());
    if (!gpu.devices().isEmpty()) options.add("-Dcaravan.local.devices=" + gpu.devices());
    return options;
  }
}
