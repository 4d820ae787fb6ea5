package io.caravan.settings;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the command line asks for.
 *
 * @param config the settings file, null if none is named
 * @param settings settings given by options, by their keys
 * @param help whether only the usage is wanted
 */
public record CommandLine(Path config, Map<String, String> settings, boolean help) {

  /** What {@code --help} prints. */
  public static final String USAGE =
      """
      Caravan: one OpenAI endpoint in front of every language-model service.

      Usage: caravan [start] [options]
        --port PORT        port to listen on (default 8080; 0 for any free one)
        --host HOST        address to listen on (default 127.0.0.1)
        --model-name NAME  a local model to load at the start, as a.gguf or by its short name
        --config FILE      settings file (default: caravan.properties here or beside the jar)
        --log-level LEVEL  console log: error, warn, info, debug, trace or off
        --help             this text

      Every setting is listed in src/main/resources/application.properties.

      Of a gateway that runs (caravan COMMAND --help tells more):
        status             how it and its services are
        models             the models of all services
        chat "QUESTION"    asks a model
        load MODEL         loads a model into memory
        pull MODEL         installs a model
        test [SERVICE]     asks a service now
        keys               who may use the gateway
      """;

  private static final Map<String, String> OPTIONS =
      Map.of(
          "--port", "caravan.server.port",
          "--host", "caravan.server.host",
          "--model-name", "caravan.local.preload",
          "--log-level", "caravan.logging.console-level");

  /**
   * Reads the arguments; {@code --port 80} and {@code --port=80} are the same.
   *
   * @throws IllegalArgumentException saying which argument is wrong
   */
  public static CommandLine parse(String... arguments) {
    Path config = null;
    var settings = new LinkedHashMap<String, String>();
    for (int i = 0; i < arguments.length; i++) {
      var option = arguments[i];
      if (option.equals("--help") || option.equals("-h"))
        return new CommandLine(null, Map.of(), true);
      if (!option.startsWith("-"))
        throw new IllegalArgumentException("'" + option + "' is neither a command nor an option");
      int equals = option.indexOf('=');
      String value;
      if (equals > 0) {
        value = option.substring(equals + 1);
        option = option.substring(0, equals);
      } else if (i + 1 < arguments.length) {
        value = arguments[++i];
      } else {
        throw new IllegalArgumentException(
            "'" + option + "' is no option, or its value is missing");
      }
      if (option.equals("--config")) config = readable(value);
      else if (OPTIONS.containsKey(option)) settings.put(OPTIONS.get(option), value);
      else throw new IllegalArgumentException("'" + option + "' is not an option");
    }
    return new CommandLine(config, settings, false);
  }

  private static Path readable(String file) {
    var path = Path.of(file);
    if (Files.isReadable(path)) return path;
    throw new IllegalArgumentException("the file '" + file + "' cannot be read");
  }
}
