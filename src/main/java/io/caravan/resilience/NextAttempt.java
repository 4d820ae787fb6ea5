package io.caravan.resilience;

import io.caravan.routing.Loads;
import io.caravan.routing.Target;
import io.caravan.routing.TargetChoice;
import io.caravan.streaming.Cancellation;
import java.util.List;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.AsyncProcessorSupport;

/**
 * Turns the exchange to the next target that may be tried: waits its pause and its turn without a
 * thread, passes over targets whose breaker is open, sets variable {@code target}.
 */
public final class NextAttempt extends AsyncProcessorSupport {

  private final RuleBook rules;
  private final Breakers breakers;
  private final Gates gates;
  private final Loads loads;
  private final TargetChoice choice;
  private final CallLoop loop;

  public NextAttempt(
      RuleBook rules,
      Breakers breakers,
      Gates gates,
      Loads loads,
      TargetChoice choice,
      CallLoop loop) {
    this.rules = rules;
    this.breakers = breakers;
    this.gates = gates;
    this.loads = loads;
    this.choice = choice;
    this.loop = loop;
  }

  @Override
  public boolean process(Exchange exchange, AsyncCallback callback) {
    var attempts = exchange.getVariable(Attempts.VARIABLE, Attempts.class);
    var pause = attempts.takePause();
    if (pause.isZero()) return turn(exchange, attempts, callback, true);
    new Waiting(exchange, loop, callback)
        .until(pause, () -> turn(exchange, attempts, callback, false));
    return false;
  }

  /** Takes the first target that has a place; returns whether all of it was done at once. */
  private boolean turn(Exchange exchange, Attempts attempts, AsyncCallback callback, boolean sync) {
    var nothing = new NothingLeft();
    for (var target = next(attempts); target != null; target = next(attempts)) {
      var breaker = breakers.of(target);
      var gate = gates.of(target.service().name());
      boolean rests = breaker.rest().lasts() && anyAble(attempts.others());
      boolean able = !rests && (target.service().obstacle() == null || attempts.others().isEmpty());
      if (able && breaker.isOpen()) nothing.held(breaker);
      else if (able && gate.enter()) {
        if (begin(exchange, attempts, breaker, gate)) return done(callback, sync);
        gate.leave();
      } else if (able && line(exchange, attempts, callback, gate)) return false;
      else if (able) nothing.full();
      attempts.next(rests ? Fault.Kind.RATE_LIMITED : Fault.Kind.UNAVAILABLE);
    }
    // why the last target failed, if one was tried at all
    exchange.setException(attempts.failure() == null ? nothing.told() : attempts.failure());
    return done(callback, sync);
  }

  /** The target to try; of the URLs of one service the freest, as it is now. */
  private Target next(Attempts attempts) {
    loads.freestFirst(attempts.untried());
    return attempts.target();
  }

  private static boolean done(AsyncCallback callback, boolean sync) {
    callback.done(sync);
    return sync;
  }

  /** Waits in the service's line; false if that is full. */
  private boolean line(Exchange exchange, Attempts attempts, AsyncCallback callback, Gate gate) {
    var target = attempts.target();
    var deadline = gates.deadline(target.service().name());
    Runnable tooLate =
        () -> {
          attempts.next(Fault.Kind.UNAVAILABLE);
          turn(exchange, attempts, callback, false);
        };
    Runnable admitted =
        () -> {
          if (begin(exchange, attempts, breakers.of(target), gate)) {
            callback.done(false);
            return;
          }
          gate.leave();
          tooLate.run();
        };
    return new Waiting(exchange, loop, callback).inLine(gate, deadline, admitted, tooLate);
  }

  private boolean begin(Exchange exchange, Attempts attempts, Breaker breaker, Gate gate) {
    if (!breaker.permits()) return false;
    var target = attempts.target();
    attempts.begins(new Attempt(target, breaker, gate, loads));
    var resumption = attempts.resumption();
    if (resumption != null) exchange.setVariable("request", resumption.request(target));
    var alias = exchange.getVariable("alias", String.class);
    var own = rules.of(target.service(), alias);
    boolean last = !attempts.mayGoOn() || !anyAble(attempts.others());
    // a client whose stream has broken off waits in the middle of a sentence: no patience there
    var limits = last && resumption == null ? own.alone() : own.limits();
    if (choice.isLoading(target)) limits = limits.loading();
    exchange.setVariable(Target.VARIABLE, target.within(limits));
    return true;
  }

  private boolean anyAble(List<Target> others) {
    for (var target : others) {
      if (target.service().obstacle() == null && !breakers.of(target).blocks()) return true;
    }
    return false;
  }

  /** The cancellation of a call, which those that no client waits for do not have. */
  static Cancellation cancellation(Exchange exchange) {
    var cancellation = exchange.getProperty(Cancellation.PROPERTY, Cancellation.class);
    return cancellation == null ? new Cancellation() : cancellation;
  }
}
