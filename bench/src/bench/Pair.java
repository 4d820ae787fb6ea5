package bench;

import java.util.List;

/** The two that are compared, freshly started: the bare proxy and the gateway. */
record Pair(Child bareProxy, Child gatewayProcess) implements AutoCloseable {

  /** Of five seconds: a standstill before may be that of a compiler with much before it. */
  private static final int FEWEST_ROUNDS = 4;

  private static final int MOST_ROUNDS = 8;

  static Pair start(Lab lab) throws Exception {
    var bareProxy = lab.bareProxy();
    try {
      return new Pair(bareProxy, lab.gateway());
    } catch (Exception e) {
      bareProxy.close();
      throw e;
    }
  }

  Target bare() {
    return Target.of("bare proxy", bareProxy);
  }

  Target gateway() {
    return Target.of("gateway", gatewayProcess);
  }

  /** Until neither gets faster any more: then the compilers of all four programs have done most. */
  void warmUpChat(Load load, Options options) throws Exception {
    for (int connections : List.of(64, 16)) {
      warmUp(load, bare(), connections, options);
      warmUp(load, gateway(), connections, options);
    }
  }

  private static void warmUp(Load load, Target target, int connections, Options options)
      throws Exception {
    double best = 0;
    for (int i = 0; i < options.pick(1, MOST_ROUNDS); i++) {
      double now = ChatLoad.run(load, target, connections, options.pick(2, 5)).perSecond();
      if (i >= FEWEST_ROUNDS && now < best * 1.03) return;
      best = Math.max(best, now);
    }
  }

  @Override
  public void close() throws Exception {
    bareProxy.close();
    gatewayProcess.close();
  }
}
