package io.caravan.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.streaming.AnswerStream;

/** The streams of {@link ServerRounds}, one behind the other, as one with one id and one usage. */
final class RoundsStream implements AnswerStream<ObjectNode>, AnswerStream.Listener<ObjectNode> {

  private final ServerRounds rounds;
  private volatile AnswerStream<ObjectNode> current;
  private volatile boolean paused;
  private volatile boolean cancelled;
  private Listener<ObjectNode> listener;
  private ServerRounds.Round round;
  private JsonNode id;
  private ObjectNode last;

  RoundsStream(AnswerStream<ObjectNode> first, ServerRounds rounds) {
    this.current = first;
    this.rounds = rounds;
  }

  @Override
  public void listen(Listener<ObjectNode> to) {
    listener = to;
    current.listen(this);
  }

  @Override
  public void next(ObjectNode chunk) {
    if (id == null) id = chunk.get("id");
    else if (round != null) chunk.set("id", id);
    if (chunk.path("usage").isObject() && chunk.path("choices").isEmpty()) {
      if (last == null) last = chunk;
      else round.add(chunk.get("usage"), (ObjectNode) last.get("usage"));
      return;
    }
    if (round != null) round.number(chunk);
    listener.next(chunk);
  }

  @Override
  public void end() {
    round = rounds.next();
    if (round == null) finish();
    else rounds.send(round).whenComplete(this::goOn);
  }

  private void finish() {
    if (last != null) listener.next(last);
    listener.end();
  }

  @SuppressWarnings("unchecked") // a streamed request is answered with a stream of chunks
  private void goOn(Object stream, Throwable failure) {
    if (failure != null) {
      listener.fail(failure);
      return;
    }
    current = (AnswerStream<ObjectNode>) stream;
    if (cancelled) current.cancel();
    else current.listen(this);
    if (paused) current.pause();
  }

  @Override
  public void fail(Throwable cause) {
    listener.fail(cause);
  }

  @Override
  public void flush() {
    listener.flush();
  }

  @Override
  public void began() {
    current.began();
  }

  @Override
  public void pause() {
    paused = true;
    current.pause();
  }

  @Override
  public void resume() {
    paused = false;
    current.resume();
  }

  @Override
  public void cancel() {
    cancelled = true;
    current.cancel();
  }
}
