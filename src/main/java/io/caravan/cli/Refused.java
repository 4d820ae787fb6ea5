package io.caravan.cli;

import com.fasterxml.jackson.databind.JsonNode;

/** The gateway has answered, but not with what was asked for. */
final class Refused extends CliException {

  private static final long serialVersionUID = 1L;

  private final int status;
  private final transient JsonNode body;

  /**
   * @param body of the answer, null if it is no JSON object
   */
  Refused(int status, String message, JsonNode body) {
    super(REFUSED, message);
    this.status = status;
    this.body = body;
  }

  /** The HTTP status. */
  int status() {
    return status;
  }

  /** What the gateway has answered, null if that is no JSON object. */
  JsonNode body() {
    return body;
  }
}
