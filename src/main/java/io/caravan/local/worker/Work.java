package io.caravan.local.worker;

import io.caravan.errors.GatewayException;

/** What runs in a slot. */
interface Work {
  void run();

  /** It shall end early, for this reason. */
  void cancel(GatewayException reason);

  /** It will not be run, for this reason. */
  void refused(GatewayException reason);
}
