package io.caravan.cli;

/** A command has failed: what is said on standard error, and the exit code. */
class CliException extends Exception {

  private static final long serialVersionUID = 1L;

  /** The gateway, or the service behind it, said no. */
  static final int REFUSED = 1;

  /** The command line makes no sense. */
  static final int USAGE = 2;

  /** No gateway answers. */
  static final int UNREACHABLE = 3;

  private final int exitCode;

  CliException(int exitCode, String message) {
    super(message, null, false, false);
    this.exitCode = exitCode;
  }

  int exitCode() {
    return exitCode;
  }
}
