package io.caravan.access;

import java.time.Instant;
import java.util.List;
import org.apache.camel.Exchange;

/**
 * Who makes a call.
 *
 * @param id names it in settings, limits and the audit log
 * @param name for people
 */
public record Client(String id, String name, Scope scope, Limits limits) {

  /** The exchange variable that holds it; absent where access is not controlled. */
  public static final String VARIABLE = "client";

  /** Everyone, where no key is asked for. */
  public static final Client LOCAL = new Client("local", "local", Scope.ADMIN, Limits.NONE);

  /** What a key opens. */
  public enum Scope {
    /** Models: {@code /v1} and the caller's own settings. */
    CLIENT,
    /** Everything. */
    ADMIN
  }

  /**
   * What a client may do.
   *
   * @param allowedModels unified or plain names or aliases, {@code *} at an end for any rest; empty
   *     for all
   * @param allowedServices empty for all
   * @param requestsPerMinute 0 for no limit
   * @param tokensPerMinute 0 for no limit
   * @param expiresAt null for never
   */
  public record Limits(
      List<String> allowedModels,
      List<String> allowedServices,
      int requestsPerMinute,
      long tokensPerMinute,
      Instant expiresAt) {

    /** No limits at all. */
    public static final Limits NONE = new Limits(List.of(), List.of(), 0, 0, null);

    public Limits {
      allowedModels = List.copyOf(allowedModels);
      allowedServices = List.copyOf(allowedServices);
    }

    /** Whether every model of every service is open. */
    public boolean allowsAll() {
      return allowedModels.isEmpty() && allowedServices.isEmpty();
    }
  }

  /** Whose call this is. */
  public static Client of(Exchange exchange) {
    var client = exchange.getVariable(VARIABLE, Client.class);
    return client == null ? LOCAL : client;
  }

  public boolean isAdmin() {
    return scope == Scope.ADMIN;
  }
}
