package io.caravan.local;

/** The lines that a worker writes to its standard output; everything else there is noise. */
public final class WorkerSignals {

  /** Followed by the port, when the model is loaded and the port is open. */
  public static final String READY = "caravan ready ";

  /** Followed by the reason; the process ends. */
  public static final String FAILED = "caravan failed ";

  /** It serves a request. */
  public static final String BUSY = "caravan busy";

  /** It serves no request any more. */
  public static final String IDLE = "caravan idle";

  private WorkerSignals() {}
}
