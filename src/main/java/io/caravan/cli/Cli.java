package io.caravan.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;

/** The subcommands of {@code ./caravan}, all of which are clients of a gateway's HTTP API. */
public final class Cli {

  private static final String DEFAULT_URL = "http://127.0.0.1:8080";

  private static final String OPTIONS =
      """
        --url URL          the gateway (default %s)
        --json             the answer as JSON
        --help             this text
      The environment variable CARAVAN_API_KEY holds your key, if the gateway asks for one.
      """
          .formatted(DEFAULT_URL);

  private static final Map<String, Command> COMMANDS = commands();

  private Cli() {}

  private static Map<String, Command> commands() {
    var commands = new LinkedHashMap<String, Command>();
    commands.put("status", new StatusCommand());
    commands.put("models", new ModelsCommand());
    commands.put("chat", new ChatCommand());
    commands.put("load", JobCommand.load());
    commands.put("pull", JobCommand.pull());
    commands.put("test", new TestCommand());
    commands.put("keys", new KeysCommand());
    return commands;
  }

  /** Whether the first word of a command line is one of them. */
  public static boolean knows(String word) {
    return COMMANDS.containsKey(word);
  }

  /**
   * Does it with the process's own streams.
   *
   * @return the exit code, see below
   */
  public static int run(String[] line, Map<String, String> environment) {
    System.setProperty("sun.net.http.retryPost", "false"); // Java would send a chat twice
    var out = new FileOutputStream(FileDescriptor.out);
    var err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, UTF_8);
    return run(line, environment, System.in, new PrintStream(out, false, UTF_8), err);
  }

  /**
   * Does it.
   *
   * @return the exit code: 0, 1 if the answer is no, 2 for a wrong command line, 3 if no gateway
   *     answers
   */
  public static int run(
      String[] line,
      Map<String, String> environment,
      InputStream in,
      PrintStream out,
      PrintStream err) {
    var command = COMMANDS.get(line[0]);
    try {
      var known = new HashSet<>(command.options());
      known.add("--url");
      var arguments = Arguments.of(Arrays.asList(line).subList(1, line.length), known);
      if (arguments.has("--help")) {
        out.print(command.usage() + OPTIONS);
        return 0;
      }
      boolean live = Boolean.getBoolean("terminal");
      var screen = new Screen(in, out, err, live, arguments.has("--json"));
      return run(command, arguments, api(arguments, environment), screen);
    } catch (CliException e) {
      boolean usage = e.exitCode() == CliException.USAGE;
      err.println("caravan: " + Screen.safe(e.getMessage()) + (usage ? hint(line[0]) : ""));
      return e.exitCode();
    } finally {
      out.flush();
    }
  }

  private static int run(Command command, Arguments arguments, Api api, Screen screen)
      throws CliException {
    try {
      return command.run(arguments, api, screen);
    } catch (Refused e) {
      if (screen.json() && e.body() != null) screen.json(e.body());
      throw e;
    }
  }

  private static Api api(Arguments arguments, Map<String, String> environment) throws CliException {
    var url = arguments.has("--url") ? arguments.get("--url") : environment.get("CARAVAN_URL");
    var key = environment.get("CARAVAN_API_KEY");
    return new Api(
        url == null || url.isBlank() ? DEFAULT_URL : url,
        key == null || key.isBlank() ? null : key.strip());
  }

  private static String hint(String command) {
    return " (caravan " + command + " --help)";
  }
}
