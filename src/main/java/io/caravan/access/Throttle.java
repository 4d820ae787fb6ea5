package io.caravan.access;

import io.caravan.errors.GatewayException.Refused;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Throttler: how many calls and tokens a client may use in a minute, and how many calls at a time;
 * counted on this node. Tokens are known when an answer ends, so a client may overdraw once, and
 * waits until that has flowed back.
 */
public final class Throttle {

  private final int mostConcurrent;
  private final LongSupplier nanos;
  private final Map<String, Use> uses = new ConcurrentHashMap<>();

  /** What one client uses. There are at most as many as there are keys. */
  private static final class Use {
    private final Bucket requests = new Bucket();
    private final Bucket tokens = new Bucket();
    private final AtomicInteger running = new AtomicInteger();
  }

  /**
   * @param mostConcurrent calls of one client at a time, 0 for no limit
   */
  Throttle(int mostConcurrent, LongSupplier nanos) {
    this.mostConcurrent = mostConcurrent;
    this.nanos = nanos;
  }

  /**
   * A call that is not counted among those running begins.
   *
   * @throws Refused as {@link #begin}
   */
  public void admit(Client client) {
    limit(client.limits(), uses.computeIfAbsent(client.id(), any -> new Use()));
  }

  /**
   * A call begins; {@link #ended} must follow.
   *
   * @throws Refused if the client has used up what it may use, saying when to come back
   */
  public void begin(Client client) {
    var use = uses.computeIfAbsent(client.id(), any -> new Use());
    if (use.running.incrementAndGet() > mostConcurrent && mostConcurrent > 0) {
      use.running.decrementAndGet();
      throw Refused.limited(
          "You have %d calls running, which is the limit (caravan.access.max-concurrent-calls)."
              .formatted(mostConcurrent),
          1);
    }
    try {
      limit(client.limits(), use);
    } catch (Refused e) {
      use.running.decrementAndGet();
      throw e;
    }
  }

  /** A call is over in every respect. */
  public void ended(Client client) {
    var use = uses.get(client.id());
    if (use != null) use.running.decrementAndGet();
  }

  /** An answer took this many tokens. */
  public void spent(Client client, long tokens) {
    var use = uses.get(client.id());
    double most = client.limits().tokensPerMinute();
    if (use != null && most > 0) use.tokens.owe(tokens, most, nanos.getAsLong());
  }

  private void limit(Client.Limits limits, Use use) {
    long now = nanos.getAsLong();
    double tokens = limits.tokensPerMinute();
    int wait = tokens == 0 ? 0 : use.tokens.take(1, 0, tokens, now);
    if (wait > 0) throw reached("tokens", limits.tokensPerMinute(), wait);
    int requests = limits.requestsPerMinute();
    wait = requests == 0 ? 0 : use.requests.take(1, 1, requests, now);
    if (wait > 0) throw reached("requests", requests, wait);
  }

  private static Refused reached(String what, long limit, int wait) {
    return Refused.limited(
        "Rate limit reached for your key: %d %s per minute. Please try again in %ds."
            .formatted(limit, what, wait),
        wait);
  }
}
