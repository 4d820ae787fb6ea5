package bench;

import java.util.List;

/** The two that are compared, freshly started: the bare proxy and the gateway. */
record Pair(Child bareProxy, Child gatewayProcess) implements AutoCloseable {

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

  /** Long enough for the compilers of all four programs to have done most of their work. */
  void warmUpChat(Load load, Options options) throws Exception {
    for (int connections : List.of(16, 64)) {
      ChatLoad.run(load, bare(), connections, options.pick(2, 6));
      ChatLoad.run(load, gateway(), connections, options.pick(2, 6));
    }
  }

  @Override
  public void close() throws Exception {
    bareProxy.close();
    gatewayProcess.close();
  }
}
