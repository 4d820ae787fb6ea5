package io.caravan.local.worker;

import io.caravan.errors.GatewayException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Admission: as many requests run as llama.cpp has slots, each read by a thread of its own; a
 * bounded number waits for a bounded time.
 */
final class Slots {

  private static final int RETRY_SECONDS = 2;
  private static final String UNLOADED = "The model is being unloaded.";

  private final ThreadPoolExecutor readers;
  private final Duration patience;
  private final Consumer<Boolean> busy;
  private final AtomicInteger admitted = new AtomicInteger();
  private final Set<Work> running = ConcurrentHashMap.newKeySet();

  /**
   * @param waiting how many may wait
   * @param patience how long each of them may
   * @param busy hears whether anything runs or waits, at each change
   */
  Slots(int parallel, int waiting, Duration patience, Consumer<Boolean> busy) {
    this.patience = patience;
    this.busy = busy;
    readers =
        new ThreadPoolExecutor(
            parallel,
            parallel,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(waiting),
            runnable -> {
              var reader = new Thread(runnable, "llama-slot");
              reader.setDaemon(true);
              return reader;
            });
  }

  /** Runs the work as soon as a slot is free. Refuses it if too many wait. */
  Ticket submit(Work work) {
    var ticket = new Ticket(work);
    if (admitted.getAndIncrement() == 0) busy.accept(true);
    try {
      readers.execute(ticket);
    } catch (RejectedExecutionException e) {
      left();
      throw new GatewayException.Unavailable(whyNot(), RETRY_SECONDS);
    }
    ticket.startWaiting();
    return ticket;
  }

  /** Admits nothing more. What runs goes on. */
  void close() {
    readers.shutdown();
  }

  /** Ends what runs and waits for it, for a bounded time. */
  void cancelAll(Duration limit) throws InterruptedException {
    var reason = new GatewayException.Unavailable(UNLOADED, RETRY_SECONDS);
    running.forEach(work -> work.cancel(reason));
    readers.awaitTermination(limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  private String whyNot() {
    if (readers.isShutdown()) return UNLOADED;
    return "All %d slots of this model are busy and %d requests wait for one, as many as may."
        .formatted(readers.getCorePoolSize(), readers.getQueue().size());
  }

  private void left() {
    if (admitted.decrementAndGet() == 0) busy.accept(false);
  }

  /** A place in the queue, later a slot. */
  final class Ticket implements Runnable {

    private final AtomicReference<Work> waiting;
    private final CompletableFuture<Void> served = new CompletableFuture<>();

    private Ticket(Work work) {
      waiting = new AtomicReference<>(work);
    }

    /** The timer is gone as soon as the wait is: it would keep every request for an hour. */
    private void startWaiting() {
      served.orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS).exceptionally(this::expire);
    }

    @Override
    public void run() {
      var work = taken();
      if (work == null) return;
      running.add(work);
      try {
        work.run();
      } finally {
        running.remove(work);
        left();
      }
    }

    /** Gives the place up, because the client left; without effect on work that runs. */
    void giveUp() {
      var work = leaveQueue();
      if (work != null) work.refused(new GatewayException.Cancelled());
    }

    private Void expire(Throwable late) {
      var queue = List.copyOf(readers.getQueue());
      var work = leaveQueue();
      if (work == null) return null;
      var message =
          "No slot of this model became free within %d s; this request was number %d of %d in the queue."
              .formatted(patience.toSeconds(), queue.indexOf(this) + 1, queue.size());
      work.refused(new GatewayException.Unavailable(message, RETRY_SECONDS));
      return null;
    }

    private Work taken() {
      served.complete(null);
      return waiting.getAndSet(null);
    }

    private Work leaveQueue() {
      var work = taken();
      if (work == null) return null;
      readers.remove(this);
      left();
      return work;
    }
  }
}
