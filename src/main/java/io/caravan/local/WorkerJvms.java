package io.caravan.local;

import io.caravan.errors.GatewayException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts workers as Java processes from the very same installation and class path as this one. */
public final class WorkerJvms implements WorkerLauncher {

  /** Where a crash of llama.cpp leaves its report; by default that is the working directory. */
  private static final String CRASH_LOG = "caravan-worker-crash-%p.log";

  private static final String MAIN = "io.caravan.local.worker.LlamaWorker";

  /**
   * The gateway's own JVM options that a worker shares: class data archive, own llama.cpp build.
   */
  private static final List<String> INHERITED =
      List.of("-XX:SharedArchiveFile=", "-Dde.kherud.llama.lib.path=");

  private final Slots slots;

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
  }

  public WorkerJvms(Slots slots) {
    this.slots = slots;
  }

  @Override
  public WorkerProcess launch(LocalModel model) {
    try {
      return new WorkerJvm(model.name(), new ProcessBuilder(command(model.path())));
    } catch (IOException e) {
      throw new GatewayException.Unavailable(
          "No process could be started for the model `" + model.name() + "`.", 5);
    }
  }

  List<String> command(Path model) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Started for one model at a time and mostly waiting for native code: start-up counts.
    command.addAll(
        List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Xshare:auto"));
    command.addAll(
        List.of("-Dvertx.disableDnsResolver=true", "-Dvertx.disableFileCPResolving=true"));
    command.addAll(List.of("-Xms32m", "-Xmx256m", "-XX:+ExitOnOutOfMemoryError"));
    command.add("-XX:ErrorFile=" + Path.of(System.getProperty("java.io.tmpdir"), CRASH_LOG));
    if (Runtime.version().feature() >= 22) command.add("--enable-native-access=ALL-UNNAMED");
    if (Runtime.version().feature() >= 24) command.add("-Dio.netty.noUnsafe=true"); // no warnings
    for (var option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (INHERITED.stream().anyMatch(option::startsWith)) command.add(option);
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN));
    command.add(model.toAbsolutePath().toString());
    command.add(Integer.toString(slots.parallel));
    command.add(Integer.toString(slots.context));
    command.add(Integer.toString(slots.threads));
    return command;
  }
}
