package io.caravan.resilience;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.routing.Loads;
import io.caravan.routing.Target;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One try at one target, from its start until its answer has ended, which for a stream is its last
 * event. It settles once and gives its place back then. The breaker hears how it went as soon as it
 * is certain: of an answer when that begins.
 */
public final class Attempt {

  /** A silence has cost a client many seconds, an error none; unless others are answered. */
  private static final int SILENCE = 4;

  private final Target target;
  private final Breaker breaker;
  private final Gate gate;
  private final Loads loads;
  private final boolean probe;
  private final boolean afterRest;
  private final long began = System.nanoTime();
  private final AtomicBoolean settled = new AtomicBoolean();
  private final AtomicBoolean counted = new AtomicBoolean();
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
    afterRest = breaker.rest().isOver();
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
    if (counts()) breaker.succeeded(probe);
  }

  /** A piece of the answer has come; only its stream calls this. */
  void piece() {
    pieces = pieces + 1;
    loads.piece();
  }

  void used(JsonNode told) {
    if (told.isObject()) usage = told;
  }

  /** It has answered, to the end. */
  void succeeded() {
    if (settle()) breaker.ended();
  }

  /** The client has left, or the gateway itself has not let it begin. */
  void abandoned() {
    if (!settle()) return;
    fault = Fault.Kind.CANCELLED;
    if (counts()) breaker.released(probe);
  }

  /**
   * It has failed.
   *
   * @param again whether the service was asked before by this call, and left alone as it wished
   */
  void failed(Fault failure, boolean again) {
    if (!settle()) return;
    fault = failure.kind();
    boolean slow = fault.isTransient() || fault == Fault.Kind.TIMEOUT;
    if (slow && firstContent == 0) loads.failed(target, duration());
    int weight = weight(again || afterRest);
    boolean begun = !counts();
    if (begun && weight > 0) breaker.brokeOff();
    else if (begun) return;
    else if (weight > 0) breaker.failed(weight, probe);
    else if (fault.isAnswer()) breaker.succeeded(probe);
    else breaker.released(probe);
  }

  private int weight(boolean waitedInVain) {
    return switch (fault) {
      case CONNECT, SERVER_ERROR, BAD_ANSWER -> 1;
      // silences of one burst come together, behind all its answers
      case TIMEOUT -> breaker.hasAnsweredSince(began) ? 1 : SILENCE;
      case RATE_LIMITED -> waitedInVain ? 1 : 0;
      case REFUSED, REQUEST, CONTEXT_LENGTH, UNAVAILABLE, CANCELLED, INTERNAL -> 0;
    };
  }

  /** Whether the breaker has not heard yet how it went, and hears it now. */
  private boolean counts() {
    return counted.compareAndSet(false, true);
  }

  /** The target wants to be left alone for longer than a call may wait. */
  void rests(Duration time) {
    breaker.rest().begin(time);
  }

  private boolean settle() {
    if (!settled.compareAndSet(false, true)) return false;
    ended = System.nanoTime();
    loads.ends(target);
    gate.leave();
    breaker.leaves();
    return true;
  }
}
