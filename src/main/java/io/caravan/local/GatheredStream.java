package io.caravan.local;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.streaming.AnswerStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The chunks of a service that sends each token by itself. A small model makes thousands of them in
 * a second, and to write each costs more than to make it, with the cores that the model needs. So
 * what comes within milliseconds of the chunks before is handed on together, pieces of one text as
 * one chunk; what comes later goes on at once, and so does an end. Not thread-safe, as all streams.
 */
final class GatheredStream implements AnswerStream<ObjectNode>, AnswerStream.Listener<ObjectNode> {

  /** As our own workers do: nobody sees the difference. */
  static final Duration GAP = Duration.ofMillis(25);

  /** Runs something later on the thread of the stream. */
  @FunctionalInterface
  interface Alarm {
    /**
     * Sets it.
     *
     * @return takes it back
     */
    Runnable in(Duration delay, Runnable action);
  }

  private final AnswerStream<ObjectNode> source;
  private final Alarm alarm;
  private final LongSupplier nanos;
  private final Map<Integer, TextPiece> waiting = new LinkedHashMap<>();
  private Listener<ObjectNode> listener;
  private Runnable unset;
  private long handedOnAt;
  private boolean fresh;
  private boolean over;

  /**
   * @param nanos what time it is, from any beginning
   */
  GatheredStream(AnswerStream<ObjectNode> source, Alarm alarm, LongSupplier nanos) {
    this.source = source;
    this.alarm = alarm;
    this.nanos = nanos;
    this.handedOnAt = nanos.getAsLong() - GAP.toNanos();
  }

  @Override
  public void listen(Listener<ObjectNode> to) {
    listener = to;
    source.listen(this);
  }

  @Override
  public void next(ObjectNode chunk) {
    if (over) return;
    fresh = true;
    var piece = TextPiece.of(chunk);
    if (piece == null) {
      handOn();
      listener.next(chunk);
      return;
    }
    var before = waiting.get(piece.index());
    if (before != null && before.takes(piece)) {
      before.add(piece);
      return;
    }
    if (before != null) handOn();
    waiting.put(piece.index(), piece);
  }

  @Override
  public void flush() {
    if (over || unset != null || !fresh) return;
    long left = handedOnAt + GAP.toNanos() - nanos.getAsLong();
    if (left > 0) unset = alarm.in(Duration.ofNanos(left), this::due);
    else due();
  }

  private void due() {
    unset = null;
    if (over) return;
    handedOnAt = nanos.getAsLong();
    handOn();
    fresh = false;
    listener.flush();
  }

  private void handOn() {
    for (var piece : waiting.values()) listener.next(piece.chunk());
    waiting.clear();
  }

  @Override
  public void end() {
    if (over) return;
    finish();
    listener.end();
  }

  @Override
  public void fail(Throwable cause) {
    if (over) return;
    finish();
    listener.fail(cause);
  }

  private void finish() {
    stopWaiting();
    handOn();
    over = true;
  }

  private void stopWaiting() {
    if (unset != null) unset.run();
    unset = null;
  }

  @Override
  public void began() {
    source.began();
  }

  @Override
  public void pause() {
    source.pause();
  }

  @Override
  public void resume() {
    source.resume();
  }

  @Override
  public void cancel() {
    over = true;
    stopWaiting();
    waiting.clear();
    source.cancel();
  }
}
