package bench;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What to measure and for how long.
 *
 * <p>{@code --gateway-command} puts any other program in the gateway's place: {port}, {config},
 * {upstream}, {root} and {classpath} in it are filled in.
 */
record Options(
    Path root, Path work, boolean quick, Set<String> sections, List<String> gateway, Path model, Path llamaServer, int minutes) {

  /** What a run without --only measures; the rest is asked for by name. */
  private static final List<String> USUAL = List.of("chat", "rate", "streams", "startup");

  static final List<String> ALL = List.of("chat", "rate", "streams", "startup", "overhead", "soak", "local", "llama-server", "cycles");

  static Options parse(String[] args) {
    var root = Path.of(System.getProperty("bench.root"));
    var work = Path.of(System.getProperty("bench.work"));
    var model = root.resolve("models/tinychat-2m-q8_0.gguf");
    Path llamaServer = null;
    boolean quick = false;
    int minutes = 2;
    var sections = new LinkedHashSet<String>();
    var gateway = "java @{root}/jvm.options -jar {root}/target/caravan.jar --port {port} --config {config}";
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--quick" -> quick = true;
        case "--only" -> sections.add(section(value(args, ++i)));
        case "--model" -> model = Path.of(value(args, ++i)).toAbsolutePath();
        case "--llama-server" -> llamaServer = Path.of(value(args, ++i)).toAbsolutePath();
        case "--minutes" -> minutes = Integer.parseInt(value(args, ++i));
        case "--gateway-command" -> gateway = value(args, ++i);
        default -> throw new IllegalArgumentException("unknown option " + args[i]);
      }
    }
    if (sections.isEmpty()) sections.addAll(USUAL);
    return new Options(root, work, quick, sections, List.of(gateway.split(" +")), model, llamaServer, minutes);
  }

  boolean wants(String section) {
    return sections.contains(section);
  }

  /** The short figure of a quick run, or the long one. */
  int pick(int inQuick, int inFull) {
    return quick ? inQuick : inFull;
  }

  private static String section(String name) {
    if (ALL.contains(name)) return name;
    throw new IllegalArgumentException("--only takes one of " + String.join(", ", ALL));
  }

  private static String value(String[] args, int i) {
    if (i < args.length) return args[i];
    throw new IllegalArgumentException(args[i - 1] + " needs a value");
  }
}
