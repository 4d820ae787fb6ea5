package io.caravan;

import io.caravan.access.Access;
import io.caravan.edge.AsyncHttpEngine;
import io.caravan.edge.OwnThread;
import io.caravan.edge.VertxCallLoop;
import io.caravan.metrics.AccessLog;
import io.caravan.metrics.Metrics;
import io.caravan.metrics.Observation;
import io.caravan.metrics.Spending;
import io.caravan.metrics.Tally;
import io.caravan.resilience.Attempting;
import io.caravan.resilience.Breakers;
import io.caravan.resilience.CommitAnswer;
import io.caravan.resilience.Dispatch;
import io.caravan.resilience.Gates;
import io.caravan.resilience.NextAttempt;
import io.caravan.resilience.Rescue;
import io.caravan.resilience.RuleBook;
import io.caravan.routing.Loads;
import io.caravan.routing.TargetChoice;
import io.caravan.settings.Configuration;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.camel.Processor;
import org.apache.camel.main.Main;

/** Puts together what stage dispatch names, and who looks on. */
record DispatchParts(
    Configuration configuration,
    Clock clock,
    Vertx vertx,
    AsyncHttpEngine engine,
    Breakers breakers,
    RuleBook rules,
    Gates gates,
    Tally tally,
    Access access) {

  void bind(Main main, TargetChoice choice, Loads loads) {
    var loop = new VertxCallLoop(vertx);
    var rescue = new Rescue(rules, clock);
    var next = new NextAttempt(rules, breakers, gates, loads, choice, loop);
    var attempting = new Attempting(rules, choice, clock, ThreadLocalRandom::current);
    var dispatch = new Dispatch();
    main.bind("dispatch", dispatch);
    main.bind("beginAttempts", (Processor) attempting::begin);
    main.bind("nextAttempt", next);
    main.bind("prepareAttempt", (Processor) dispatch::prepare);
    main.bind("ownThread", new OwnThread(vertx));
    main.bind("commitAnswer", new CommitAnswer(rescue));
    main.bind("failAttempt", (Processor) attempting::failed);
    main.bind("observation", observation(choice));
  }

  private Observation observation(TargetChoice choice) {
    var format = configuration.get("caravan.logging.access", "off");
    var log = format.equals("off") ? null : new AccessLog(format, clock);
    boolean counting = configuration.flag("caravan.metrics.calls", true);
    var metrics = Metrics.start(engine, breakers, gates, choice::isListed);
    var observation = new Observation(metrics, counting, log, tally);
    boolean counts = access.isRequired();
    engine.tell(counts ? new Spending(observation, access.throttle()) : observation);
    return observation;
  }
}
