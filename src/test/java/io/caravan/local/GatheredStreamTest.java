package io.caravan.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.streaming.AnswerStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GatheredStreamTest {

  private long now = 5_000_000_000L;
  private final List<String> heard = new ArrayList<>();
  private final Source source = new Source();
  private final GatheredStream stream = new GatheredStream(source, this::set, () -> now);
  private Runnable alarm;
  private long alarmAt;

  @BeforeEach
  void listen() {
    stream.listen(
        new AnswerStream.Listener<>() {
          @Override
          public void next(ObjectNode chunk) {
            var choice = chunk.path("choices").path(0);
            heard.add(choice.path("index").asInt() + ":" + said(choice));
          }

          @Override
          public void flush() {
            heard.add("flush");
          }

          @Override
          public void end() {
            heard.add("end");
          }

          @Override
          public void fail(Throwable cause) {
            heard.add("failed");
          }
        });
  }

  private static String said(com.fasterxml.jackson.databind.JsonNode choice) {
    return choice.hasNonNull("finish_reason")
        ? choice.get("finish_reason").asText()
        : choice.at("/delta/content").asText(choice.path("delta").toString());
  }

  @Test
  void theFirstTextGoesOnAtOnceAndWhatFollowsFastComesTogether() {
    read(text(0, "a"));
    assertThat(heard).containsExactly("0:a", "flush");
    for (var each : List.of("b", "c", "d")) {
      pass(Duration.ofMillis(5));
      read(text(0, each));
    }
    assertThat(heard).containsExactly("0:a", "flush");
    pass(Duration.ofMillis(10));
    assertThat(heard).containsExactly("0:a", "flush", "0:bcd", "flush");
  }

  @Test
  void whoIsSlowIsNotDelayed() {
    for (var each : List.of("a", "b", "c")) {
      read(text(0, each));
      pass(GatheredStream.GAP);
    }
    assertThat(heard).containsExactly("0:a", "flush", "0:b", "flush", "0:c", "flush");
    assertThat(alarm).isNull();
  }

  @Test
  void theAnswersToOneQuestionStayApart() {
    read(text(0, "-"));
    for (var each : List.of("a", "b", "c")) {
      read(text(0, each));
      read(text(1, each.toUpperCase()));
    }
    pass(GatheredStream.GAP);
    assertThat(heard).containsExactly("0:-", "flush", "0:abc", "1:ABC", "flush");
  }

  @Test
  void whatIsNoTextKeepsItsPlace() {
    read(text(0, "-"));
    read(text(0, "a"));
    read(TextPieceTest.chunk("{'index':0,'delta':{'tool_calls':[]}}"));
    read(text(0, "b"));
    read(TextPieceTest.chunk("{'index':0,'finish_reason':'stop','delta':{}}"));
    source.listener.end();
    assertThat(heard)
        .containsExactly("0:-", "flush", "0:a", "0:{\"tool_calls\":[]}", "0:b", "0:stop", "end");
  }

  @Test
  void anEndDoesNotWaitAndLosesNothing() {
    read(text(0, "-"));
    read(text(0, "a"));
    source.listener.end();
    assertThat(heard).containsExactly("0:-", "flush", "0:a", "end");
    assertThat(alarm).isNull();
  }

  @Test
  void aFailureComesBehindWhatWasSaidBefore() {
    read(text(0, "-"));
    read(text(0, "a"));
    source.listener.fail(new IllegalStateException());
    assertThat(heard).containsExactly("0:-", "flush", "0:a", "failed");
    assertThat(alarm).isNull();
  }

  @Test
  void nothingIsHeardBehindACancel() {
    read(text(0, "-"));
    read(text(0, "a"));
    stream.cancel();
    read(text(0, "b"));
    assertThat(heard).containsExactly("0:-", "flush");
    assertThat(source.did).containsExactly("cancel");
    assertThat(alarm).isNull();
  }

  @Test
  void theListenersPauseIsTheSourcesAndEndsWithIt() {
    read(text(0, "-"));
    read(text(0, "a"));
    stream.pause();
    pass(GatheredStream.GAP); // what was read already may follow
    stream.began();
    stream.resume();
    assertThat(source.did).containsExactly("pause", "began", "resume");
    assertThat(heard).containsExactly("0:-", "flush", "0:a", "flush");
  }

  @Test
  void aReadThatBroughtNothingIsNoReasonToWrite() {
    read(text(0, "a"));
    pass(GatheredStream.GAP);
    source.listener.flush(); // a comment
    assertThat(heard).containsExactly("0:a", "flush");
  }

  private void read(ObjectNode chunk) {
    source.listener.next(chunk);
    source.listener.flush();
  }

  private static ObjectNode text(int index, String text) {
    return TextPieceTest.chunk("{'index':%d,'delta':{'content':'%s'}}".formatted(index, text));
  }

  private Runnable set(Duration delay, Runnable action) {
    assertThat(alarm).as("one alarm at a time").isNull();
    alarm = action;
    alarmAt = now + delay.toNanos();
    return () -> alarm = null;
  }

  private void pass(Duration time) {
    now += time.toNanos();
    if (alarm == null || alarmAt > now) return;
    var due = alarm;
    alarm = null;
    due.run();
  }

  private static final class Source implements AnswerStream<ObjectNode> {

    private final List<String> did = new ArrayList<>();
    private Listener<ObjectNode> listener;

    @Override
    public void listen(Listener<ObjectNode> to) {
      listener = to;
    }

    @Override
    public void began() {
      did.add("began");
    }

    @Override
    public void pause() {
      did.add("pause");
    }

    @Override
    public void resume() {
      did.add("resume");
    }

    @Override
    public void cancel() {
      did.add("cancel");
    }
  }
}
