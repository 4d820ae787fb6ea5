package io.caravan.personal;

import org.apache.camel.Exchange;

/**
 * Whose settings a call is about.
 *
 * @param id as in the column {@code user_id}
 */
record Caller(String id, boolean isAdmin) {

  static Caller of(Exchange exchange) {
    return new Caller("local", true);
  }
}
