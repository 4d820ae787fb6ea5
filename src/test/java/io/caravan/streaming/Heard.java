package io.caravan.streaming;

import java.util.ArrayList;
import java.util.List;

/** A listener for tests that writes down what it heard. */
public final class Heard<T> implements AnswerStream.Listener<T> {

  private final List<T> items = new ArrayList<>();
  private final List<String> signals = new ArrayList<>();
  private Throwable failure;

  public static <T> Heard<T> from(AnswerStream<T> stream) {
    var heard = new Heard<T>();
    stream.listen(heard);
    return heard;
  }

  /** All that a transformer makes of these items and the end behind them. */
  public static <T, R> Heard<R> from(List<T> items, Transformer<T, R> transformer) {
    return from(ScriptedStream.ending(items).through(transformer));
  }

  @Override
  public void next(T item) {
    items.add(item);
  }

  @Override
  public void flush() {
    signals.add("flush");
  }

  @Override
  public void end() {
    signals.add("end");
  }

  @Override
  public void fail(Throwable cause) {
    signals.add("fail");
    failure = cause;
  }

  public List<T> items() {
    return items;
  }

  /** How it ended: exactly one of "end" and "fail", or nothing. */
  public List<String> endings() {
    return signals.stream().filter(signal -> !signal.equals("flush")).toList();
  }

  public List<String> signals() {
    return signals;
  }

  public Throwable failure() {
    return failure;
  }
}
