package io.caravan.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The words behind a command, options and others apart.
 *
 * @param options by their names with dashes; of a switch the value is empty
 */
record Arguments(Map<String, String> options, List<String> words) {

  private static final Set<String> SWITCHES = Set.of("--json", "--help");
  private static final Map<String, String> SHORT = Map.of("-h", "--help", "-m", "--model");

  /**
   * Reads them; {@code --url X} and {@code --url=X} are the same, and behind {@code --} nothing is
   * an option.
   *
   * @param known the options that the command takes a value for
   */
  static Arguments of(List<String> arguments, Set<String> known) throws CliException {
    var options = new LinkedHashMap<String, String>();
    var words = new ArrayList<String>();
    for (int i = 0; i < arguments.size(); i++) {
      var word = arguments.get(i);
      if (word.equals("--")) {
        words.addAll(arguments.subList(i + 1, arguments.size()));
        break;
      }
      if (!word.startsWith("-") || word.equals("-")) {
        words.add(word);
        continue;
      }
      int equals = word.indexOf('=');
      var given = equals > 0 ? word.substring(0, equals) : word;
      var name = SHORT.getOrDefault(given, given);
      if (SWITCHES.contains(name) && equals < 0) options.put(name, "");
      else if (!known.contains(name)) throw usage("'" + name + "' is not an option of it");
      else if (equals > 0) options.put(name, word.substring(equals + 1));
      else if (++i < arguments.size()) options.put(name, arguments.get(i));
      else throw usage("the value of '" + name + "' is missing");
    }
    return new Arguments(options, words);
  }

  boolean has(String option) {
    return options.containsKey(option);
  }

  /** An option's value, or null. */
  String get(String option) {
    return options.get(option);
  }

  /** An option's value as a number of the given kind of JSON, or null if it is not given. */
  Double number(String option) throws CliException {
    if (!has(option)) return null;
    try {
      return Double.valueOf(get(option));
    } catch (NumberFormatException e) {
      throw usage("the value of '" + option + "' must be a number");
    }
  }

  /** The only word there must be. */
  String only(String what) throws CliException {
    if (words.size() == 1) return words.get(0);
    throw usage(words.isEmpty() ? what + " is missing" : "one " + what + " at a time");
  }

  /** No words may be there. */
  void none() throws CliException {
    if (!words.isEmpty()) throw usage("'" + words.get(0) + "' is one word too many");
  }

  static CliException usage(String what) {
    return new CliException(CliException.USAGE, what);
  }
}
