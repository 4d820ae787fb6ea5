package io.caravan.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class TransformedStreamTest {

  @Test
  void sendsWhatIsHeldBackBeforeTheEnd() {
    var heard = Heard.from(List.of("a", "b"), new Numbered());
    assertThat(heard.items()).containsExactly("1 a", "2 b", "of 2");
    assertThat(heard.signals()).containsExactly("flush", "flush", "end");
  }

  @Test
  void endsAtOnceWhenDone() {
    var source = ScriptedStream.silent(List.of("a", "done", "late"));
    var heard = Heard.from(source.through(new Numbered()));
    assertThat(heard.items()).containsExactly("1 a", "2 done", "of 2");
    assertThat(heard.endings()).containsExactly("end");
    source.listener().fail(new IllegalStateException("too late"));
    assertThat(heard.endings()).containsExactly("end");
  }

  @Test
  void failsAndCancelsTheSourceWhenTheTransformerThrows() {
    var source = ScriptedStream.ending(List.of("a", "throw", "late"));
    var heard = Heard.from(source.through(new Numbered()));
    assertThat(heard.items()).containsExactly("1 a");
    assertThat(heard.endings()).containsExactly("fail");
    assertThat(heard.failure()).hasMessage("thrown by next");
    assertThat(source.cancelled()).isTrue();
  }

  @Test
  void failsWhenTheEndIsRefused() {
    var heard = Heard.from(List.of("a", "incomplete"), new Numbered());
    assertThat(heard.endings()).containsExactly("fail");
    assertThat(heard.failure()).hasMessage("thrown by end");
  }

  @Test
  void passesAFailureOn() {
    var cause = new IllegalStateException("broken");
    var heard = Heard.from(ScriptedStream.failing(List.of("a"), cause).through(new Numbered()));
    assertThat(heard.items()).containsExactly("1 a");
    assertThat(heard.endings()).containsExactly("fail");
    assertThat(heard.failure()).isSameAs(cause);
  }

  @Test
  void endsWellWhenTheTransformerTellsTheFailure() {
    var cause = new IllegalStateException("broken");
    var stream =
        ScriptedStream.failing(List.of("a"), cause).through(new Numbered()).through(new Telling());
    var heard = Heard.from(stream);
    assertThat(heard.items()).containsExactly("1 a", "error: broken");
    assertThat(heard.endings()).containsExactly("end");
  }

  @Test
  void tellsAFailureOfTheTransformerBeforeItToo() {
    var source = ScriptedStream.silent(List.of("throw"));
    var heard = Heard.from(source.through(new Numbered()).through(new Telling()));
    assertThat(heard.items()).containsExactly("error: thrown by next");
    assertThat(heard.endings()).containsExactly("end");
  }

  @Test
  void isSilentAfterCancel() {
    var source = ScriptedStream.<String>silent(List.of());
    var stream = source.through(new Numbered());
    var heard = Heard.from(stream);
    stream.cancel();
    source.listener().next("a");
    source.listener().flush();
    source.listener().end();
    assertThat(source.cancelled()).isTrue();
    assertThat(heard.items()).isEmpty();
    assertThat(heard.signals()).containsExactly("flush");
  }

  @Test
  void passesPauseAndResumeToTheSource() {
    var source = ScriptedStream.<String>silent(List.of());
    var stream = source.through(new Numbered());
    stream.pause();
    assertThat(source.paused()).isTrue();
    stream.resume();
    assertThat(source.paused()).isFalse();
  }

  /** Numbers its items; a few words in them make it misbehave. */
  private static final class Numbered implements Transformer<String, String> {
    private int count;
    private String last = "";

    @Override
    public void next(String item, Consumer<String> out) {
      if (item.equals("throw")) throw new IllegalStateException("thrown by next");
      last = item;
      out.accept(++count + " " + item);
    }

    @Override
    public boolean done() {
      return last.equals("done");
    }

    @Override
    public void end(Consumer<String> out) {
      if (last.equals("incomplete")) throw new IllegalStateException("thrown by end");
      out.accept("of " + count);
    }
  }

  /** Makes an item of a failure. */
  private static final class Telling implements Transformer<String, String> {
    @Override
    public void next(String item, Consumer<String> out) {
      out.accept(item);
    }

    @Override
    public void fail(Throwable cause, Consumer<String> out) {
      out.accept("error: " + cause.getMessage());
    }
  }
}
