package bench;

import java.nio.file.Files;
import java.nio.file.Path;

/** The whole benchmark, in order. */
public final class Bench {

  /** Far above what a run needs, beside the minutes of a soak; a run that hangs ends here. */
  private static final int LIMIT_SECONDS = 540;

  private interface Section {
    void run() throws Exception;
  }

  private Bench() {}

  public static void main(String[] args) {
    try {
      var options = Options.parse(args);
      limit(LIMIT_SECONDS + (options.wants("soak") ? 60L * options.minutes() : 0));
      run(options);
      System.exit(0);
    } catch (IllegalArgumentException e) {
      System.err.println("bench/run: " + e.getMessage() + "; see bench/run --help");
      System.exit(2);
    } catch (Exception e) {
      e.printStackTrace();
      System.exit(1);
    }
  }

  private static void run(Options options) throws Exception {
    machine(options);
    var verdicts = new Verdicts();
    long start = System.nanoTime();
    try (var lab = new Lab(options);
        var load = new Load()) {
      section("chat", verdicts, () -> chat(lab, load, options, verdicts));
      section("streams", verdicts, () -> streams(lab, load, options, verdicts));
      section("startup", verdicts, () -> startUp(lab, load, options, verdicts));
      if (options.wants("overhead"))
        section("overhead", verdicts, new OverheadSection(lab, load, options, verdicts)::run);
      if (options.wants("soak"))
        section("soak", verdicts, new SoakSection(lab, load, options, verdicts)::run);
      section("local", verdicts, () -> local(options, verdicts));
      section("cycles", verdicts, () -> cycles(options, verdicts));
    }
    verdicts.print();
    System.out.printf("%nTook %d s.%n", (System.nanoTime() - start) / 1_000_000_000);
  }

  /** Chat and rate share their processes, which take long to warm up. */
  private static void chat(Lab lab, Load load, Options options, Verdicts verdicts)
      throws Exception {
    if (!options.wants("chat") && !options.wants("rate")) return;
    try (var pair = Pair.start(lab)) {
      pair.warmUpChat(load, options);
      if (options.wants("chat")) new ChatSection(pair, load, options, verdicts).run();
      if (options.wants("rate")) new RateSection(lab, pair, load, options, verdicts).run();
    }
  }

  private static void streams(Lab lab, Load load, Options options, Verdicts verdicts)
      throws Exception {
    if (!options.wants("streams")) return;
    try (var pair = Pair.start(lab)) {
      new StreamSection(lab, pair, load, options, verdicts).run();
    }
  }

  private static void startUp(Lab lab, Load load, Options options, Verdicts verdicts)
      throws Exception {
    if (options.wants("startup")) new StartupSection(lab, load, options, verdicts).run();
  }

  private static void local(Options options, Verdicts verdicts) throws Exception {
    if (options.wants("local")) new LocalSection(options, verdicts).jllama();
    if (options.wants("llama-server")) new LocalSection(options, verdicts).llamaServer();
  }

  private static void cycles(Options options, Verdicts verdicts) throws Exception {
    if (options.wants("cycles")) new CyclesSection(options, verdicts).run();
  }

  /** A section whose gateway fails is a miss, and the next one still runs. */
  private static void section(String name, Verdicts verdicts, Section section) {
    try {
      section.run();
    } catch (Exception e) {
      System.out.println(name + " failed: " + e + "\n");
      verdicts.failed(name, e.getMessage());
    }
  }

  private static void machine(Options options) throws Exception {
    int cores = Runtime.getRuntime().availableProcessors();
    var loadAverage = Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
    System.out.printf(
        "%d cores, %s %s, JDK %s (%s), load average %s%n",
        cores,
        System.getProperty("os.name"),
        System.getProperty("os.version"),
        System.getProperty("java.version"),
        System.getProperty("java.vm.vendor"),
        loadAverage);
    if (Double.parseDouble(loadAverage) > cores / 2.0) {
      System.out.println(
          "The machine is busy with something else: delays and p99 mean little now.");
    }
    if (options.quick()) System.out.println("Quick run: figures are rough.");
    System.out.println("us = microseconds; everything here shares the same cores.\n");
  }

  private static void limit(long seconds) {
    var watchdog =
        new Thread(
            () -> {
              Load.sleepUntil(System.nanoTime() + seconds * 1_000_000_000L);
              System.err.println("bench/run: still not done after " + seconds + " s, ended");
              System.exit(1);
            });
    watchdog.setDaemon(true);
    watchdog.start();
  }
}
