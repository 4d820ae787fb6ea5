package io.caravan.streaming;

import java.util.concurrent.atomic.AtomicReference;

/**
 * How a client that leaves reaches the work done for it. The edge makes one for each call and puts
 * it into the exchange property {@link #PROPERTY}; whoever waits for something sets what to do.
 */
public final class Cancellation {

  /** Exchange property that holds the call's cancellation. */
  public static final String PROPERTY = "CaravanCancellation";

  private static final Runnable NOTHING = () -> {};
  private static final Runnable CANCELLED = () -> {};

  private final AtomicReference<Runnable> action = new AtomicReference<>(NOTHING);
  private final AtomicReference<Runnable> atEnd = new AtomicReference<>(NOTHING);

  /** Sets what ends the work now under way, replacing what was set; runs it at once if too late. */
  public void onCancel(Runnable ending) {
    if (action.getAndUpdate(now -> now == CANCELLED ? CANCELLED : ending) == CANCELLED) {
      ending.run();
    }
  }

  /** Ends the work under way. Harmless when repeated. */
  public void cancel() {
    action.getAndSet(CANCELLED).run();
  }

  /** Whether the client has left. */
  public boolean isCancelled() {
    return action.get() == CANCELLED;
  }

  /** Sets what to give back when the call is over in every respect; at once if it is. */
  public void atEnd(Runnable givingBack) {
    var before = atEnd.getAndUpdate(now -> now == CANCELLED ? CANCELLED : both(now, givingBack));
    if (before == CANCELLED) givingBack.run();
  }

  /** The call is over: its last byte is sent, or nobody is left to send it to. */
  public void end() {
    atEnd.getAndSet(CANCELLED).run();
  }

  private static Runnable both(Runnable first, Runnable second) {
    return () -> {
      first.run();
      second.run();
    };
  }
}
