package io.caravan.resilience;

import io.caravan.resilience.RetryRules.Decision;
import io.caravan.routing.Target;
import io.caravan.routing.TargetChoice;
import io.caravan.routing.Wishes;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What stage {@code dispatch} does around each attempt. The loop itself is in its route: as long as
 * variable {@code trying} is true, another attempt is made.
 */
public final class Attempting {

  private static final Logger LOG = LoggerFactory.getLogger(Attempting.class);

  /** Exchange variable: whether another attempt is to be made. */
  static final String TRYING = "trying";

  private final RuleBook rules;
  private final TargetChoice choice;
  private final Clock clock;
  private final Supplier<RandomGenerator> random;

  /**
   * @param random where chance comes from, asked on the thread that uses it
   */
  public Attempting(
      RuleBook rules, TargetChoice choice, Clock clock, Supplier<RandomGenerator> random) {
    this.rules = rules;
    this.choice = choice;
    this.clock = clock;
    this.random = random;
  }

  /** Sets variable {@code attempts}, unless a broken stream goes on with what it had. */
  @SuppressWarnings("unchecked")
  public void begin(Exchange exchange) {
    exchange.setVariable(TRYING, true);
    if (exchange.getVariable(Attempts.VARIABLE) != null) return;
    var targets = (List<Target>) exchange.getVariable("targets", List.class);
    var wishes = exchange.getVariable(Wishes.VARIABLE, Wishes.class);
    int most =
        wishes == null || wishes.maxAttempts() == 0 ? Integer.MAX_VALUE : wishes.maxAttempts();
    exchange.setVariable(Attempts.VARIABLE, new Attempts(targets, most));
  }

  /**
   * An attempt has failed: another one follows, or the failure goes on to the client.
   *
   * @throws Exception the failure, if there is nothing left to try
   */
  public void failed(Exchange exchange) throws Exception {
    var caught = Fault.cause(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class));
    var attempts = exchange.getVariable(Attempts.VARIABLE, Attempts.class);
    var fault = Fault.of(caught, clock);
    settle(attempts, fault, caught);
    if (attempts.target() != null && goesOn(attempts, fault, exchange)) {
      if (fault.kind() == Fault.Kind.INTERNAL) LOG.warn("An attempt failed by a defect", caught);
      return;
    }
    exchange.setVariable(TRYING, false);
    if (caught instanceof Exception e) throw e;
    throw new IllegalStateException(caught);
  }

  private static void settle(Attempts attempts, Fault fault, Throwable cause) {
    if (attempts.latest() == null) return;
    if (fault.kind() == Fault.Kind.CANCELLED) attempts.latest().abandoned();
    else attempts.latest().failed(fault, attempts.isRepeated());
    attempts.failed(cause);
  }

  private boolean goesOn(Attempts attempts, Fault fault, Exchange exchange) {
    var resumption = attempts.resumption();
    if (resumption != null && resumption.refusedBy(attempts.target(), fault)) {
      attempts.again(Duration.ZERO);
      return true;
    }
    var alias = exchange.getVariable("alias", String.class);
    var own = rules.of(attempts.target().service(), alias);
    if (fault.asksForMoreThan(own.budget())) attempts.latest().rests(fault.retryAfter());
    boolean tooLong = fault.kind() == Fault.Kind.CONTEXT_LENGTH;
    if (tooLong
        && attempts.mayGoOn()
        && attempts.widen(choice.standingBy(exchange, own.largerContext()))) {
      attempts.next(fault.kind());
      return true;
    }
    var standing = attempts.standing(own);
    var backoff = RetryRules.backoff(Math.max(1, standing.here()), random.get());
    var decision = RetryRules.decide(fault, standing, backoff);
    if (decision instanceof Decision.Again again) attempts.again(again.pause());
    if (decision instanceof Decision.Next) attempts.next(fault.kind());
    return !(decision instanceof Decision.GiveUp);
  }
}
