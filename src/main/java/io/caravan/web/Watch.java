package io.caravan.web;

import io.caravan.errors.GatewayException;
import io.caravan.streaming.AnswerStream;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /api/events}: about once a second what goes on, made once and shared by all who
 * listen. Nothing but a few sums is looked at while nobody does.
 */
public final class Watch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
  private static final long TICK_MILLIS = 1000;
  private static final int SECONDS_TO_WAIT = 5;

  private final Situation situation;
  private final int most;
  private final Set<WatchStream> listeners = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            var thread = new Thread(task, "watch");
            thread.setDaemon(true);
            return thread;
          });
  private volatile boolean closed;

  /**
   * @param most how many may listen at a time
   */
  public Watch(Situation situation, int most) {
    this.situation = situation;
    this.most = most;
  }

  /** Begins to look. */
  public void start() {
    timer.scheduleWithFixedDelay(this::tick, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /**
   * Answers with a stream of events that ends with its client.
   *
   * @throws GatewayException.Unavailable if enough clients listen already
   */
  public void listen(Exchange exchange) {
    var message = exchange.getMessage();
    boolean head = "HEAD".equals(message.getHeader(Exchange.HTTP_METHOD));
    message.setBody(head ? new byte[0] : stream());
    message.setHeader(Exchange.CONTENT_TYPE, "text/event-stream; charset=utf-8");
    message.setHeader("Cache-Control", "no-cache");
    message.setHeader("X-Accel-Buffering", "no");
  }

  private AnswerStream<byte[]> stream() {
    if (closed || listeners.size() >= most) {
      throw new GatewayException.Unavailable(
          "As many clients as may (caravan.events.max-listeners) listen to events already.",
          SECONDS_TO_WAIT);
    }
    return new WatchStream(this);
  }

  /** A listener has come: it need not wait for the next second. */
  void add(WatchStream stream) {
    listeners.add(stream);
    if (closed) stream.finish();
    else timer.execute(() -> tell(stream));
  }

  void remove(WatchStream stream) {
    listeners.remove(stream);
  }

  private void tick() {
    try {
      situation.sample(listeners.size());
      if (listeners.isEmpty()) return;
      var events = situation.now();
      listeners.forEach(stream -> stream.take(events));
    } catch (RuntimeException e) {
      LOG.warn("What goes on could not be told: {}", e.toString());
    }
  }

  private void tell(WatchStream stream) {
    try {
      stream.take(situation.now());
    } catch (RuntimeException e) {
      LOG.debug("A new listener waits for the next second: {}", e.toString());
    }
  }

  /** How many listen. */
  int size() {
    return listeners.size();
  }

  /** Ends all streams, so that the gateway need not wait for those who only look on. */
  @Override
  public void close() {
    closed = true;
    listeners.forEach(WatchStream::finish);
    timer.shutdownNow();
  }
}
