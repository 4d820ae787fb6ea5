package io.caravan.resilience;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.routing.Loads;
import io.caravan.routing.Target;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One try at one target, from its start until its answer has ended, which for a stream is its last
 * event. It settles once: it gives its place back and tells the breaker how it went.
 */
public final class Attempt {

  /** A silence has cost a client many seconds, an error none. */
  private static final int SILENCE = 4;

  private final Target target;
  private final Breaker breaker;
  private final Gate gate;
  private final Loads loads;
  private final boolean probe;
  private final boolean afterRest;
  private final long began = System.nanoTime();
  private final AtomicBoolean settled = new AtomicBoolean();
  private volatile long firstContent;
  private volatile long ended;
  private volatile Fault.Kind fault;
  private volatile JsonNode usage;
  private volatile int pieces;

  Attempt(Target target, Breaker breaker, Gate gate, Loads loads) {
    this.target = target;
    this.breaker = breaker;
    this.gate = gate;
    this.loads = loads;
    probe = breaker.probes();
    afterRest = breaker.hasRested();
    loads.begins(target);
  }

  public Target target() {
    return target;
  }

  /** Why it failed, or null if it has not. */
  public Fault.Kind fault() {
    return fault;
  }

  /** From its start to the first content; null if there was none. */
  public Duration firstContent() {
    return firstContent == 0 ? null : Duration.ofNanos(firstContent - began);
  }

  /** From its start until its answer has ended, or until now. */
  public Duration duration() {
    return Duration.ofNanos((ended == 0 ? System.nanoTime() : ended) - began);
  }

  /** The usage as the service told it; null if it did not. */
  public JsonNode usage() {
    return usage;
  }

  /** How many chunks with content came. */
  public int pieces() {
    return pieces;
  }

  /** The answer is certain: its first content is there, or all of it. */
  void answered() {
    if (firstContent != 0) return;
    firstContent = System.nanoTime();
    loads.answered(target, firstContent());
  }

  /** A piece of the answer has come; only its stream calls this. */
  void piece() {
    pieces = pieces + 1;
    loads.piece();
  }

  void used(JsonNode told) {
    if (told.isObject()) usage = told;
  }

  void succeeded() {
    if (settle()) breaker.succeeded(probe);
  }

  /** The client has left, or the gateway itself has not let it begin. */
  void abandoned() {
    if (!settle()) return;
    fault = Fault.Kind.CANCELLED;
    breaker.released(probe);
  }

  /**
   * It has failed.
   *
   * @param again whether the service was asked before by this call, and left alone as it wished
   */
  void failed(Fault failure, boolean again) {
    if (!settle()) return;
    fault = failure.kind();
    switch (failure.kind()) {
      case CONNECT, SERVER_ERROR, BAD_ANSWER -> breaker.failed(1, probe);
      case TIMEOUT -> breaker.failed(SILENCE, probe);
      case RATE_LIMITED -> {
        if (again || afterRest) breaker.failed(1, probe);
        else breaker.released(probe);
      }
      case REFUSED, REQUEST, CONTEXT_LENGTH -> breaker.succeeded(probe);
      case UNAVAILABLE, CANCELLED, INTERNAL -> breaker.released(probe);
    }
  }

  /** The target wants to be left alone for longer than a call may wait. */
  void rests(Duration time) {
    breaker.rest(time);
  }

  private boolean settle() {
    if (!settled.compareAndSet(false, true)) return false;
    ended = System.nanoTime();
    loads.ends(target);
    gate.leave();
    return true;
  }
}
