package io.caravan.edge;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Makes a service's Kamelet ready before its first call. Camel makes it at the first use, and of
 * several calls that come first at the same time some would find it half made, without a consumer.
 */
public final class KameletOnce implements Processor {

  private final Set<String> made = ConcurrentHashMap.newKeySet();

  @Override
  public void process(Exchange exchange) {
    var endpoint = exchange.getVariable("endpoint", String.class);
    if (!made.contains(endpoint)) make(exchange, endpoint);
  }

  private synchronized void make(Exchange exchange, String endpoint) {
    exchange.getContext().getEndpoint(endpoint);
    made.add(endpoint);
  }
}
