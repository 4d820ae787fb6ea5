package io.caravan.cli;

/** The gateway has answered, but not with what was asked for. */
final class Refused extends CliException {

  private static final long serialVersionUID = 1L;

  private final int status;

  Refused(int status, String message) {
    super(REFUSED, message);
    this.status = status;
  }

  /** The HTTP status. */
  int status() {
    return status;
  }
}
