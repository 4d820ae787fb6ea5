package io.caravan.cli;

import java.util.Set;

/** One subcommand. */
interface Command {

  /** Does it; returns the exit code. */
  int run(Arguments arguments, Api api, Screen screen) throws CliException;

  /** The options that it takes a value for, beside {@code --url}. */
  default Set<String> options() {
    return Set.of();
  }

  /** What {@code --help} says of it. */
  String usage();
}
