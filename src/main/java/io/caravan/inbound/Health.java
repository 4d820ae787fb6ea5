package io.caravan.inbound;

import io.caravan.catalog.Catalog;
import io.caravan.json.Json;
import io.caravan.store.Database;
import java.time.Duration;
import org.apache.camel.Exchange;

/** Whether calls are taken, and whether it makes sense to send some. */
public final class Health {

  private static final Duration ROUND = Duration.ofSeconds(10);

  private final java.util.concurrent.CompletableFuture<Void> ready;

  private final Database database;

  public Health(Catalog catalog, Database database) {
    this.database = database;
    ready = catalog.rounds().first(ROUND).toCompletableFuture();
  }

  /** Calls are taken, also without a database; whether that is missing is told. */
  public void overall(Exchange exchange) {
    var told = Json.object().put("status", "ok");
    if (database.isAway()) told.put("database", "unavailable");
    exchange.getMessage().setBody(Json.bytes(told));
  }

  /** 200 once every service was asked for its models, or should have answered; else 503. */
  public void ready(Exchange exchange) {
    boolean is = ready.isDone();
    var message = exchange.getMessage();
    message.removeHeaders("*");
    if (!is) {
      message.setHeader(Exchange.HTTP_RESPONSE_CODE, 503);
      message.setHeader("Retry-After", 1);
    }
    message.setBody(Json.bytes(Json.object().put("status", is ? "ok" : "starting")));
  }
}
