package io.caravan.personal;

import java.time.Instant;

/**
 * How it went when a service was asked the last time.
 *
 * @param error what to do about it, null if the service answered
 */
record LastTest(Instant at, String error) {

  String status() {
    return error == null ? "connected" : "error";
  }
}
