package io.caravan.local.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.streaming.AnswerStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PushedStreamTest {

  private final List<String> heard = new ArrayList<>();
  private final PushedStream<String> stream = new PushedStream<>(() -> heard.add("cancelled"));

  @Test
  void keepsWhatComesBeforeTheListener() {
    stream.push("a");
    stream.push("b");
    stream.end();
    listen();
    assertThat(heard).containsExactly("a", "b", "end");
  }

  @Test
  void keepsWhatComesDuringAPause() {
    listen();
    stream.push("a");
    stream.pause();
    stream.push("b");
    stream.end();
    assertThat(heard).containsExactly("a");
    stream.resume();
    assertThat(heard).containsExactly("a", "b", "end");
  }

  @Test
  void gathersWhatComesFastAndLosesNothing() throws Exception {
    var gathered = new PushedStream<String>(() -> {}, (a, b) -> b.equals("|") ? null : a + b);
    var items = new ArrayList<String>();
    gathered.listen(listener(items));
    gathered.push("a");
    assertThat(items).containsExactly("a"); // the first at once
    for (var each : List.of("b", "c", "|", "d")) gathered.push(each);
    gathered.end();
    assertThat(String.join("", items)).isEqualTo("abc|d");
  }

  @Test
  void whatIsGatheredComesByItself() throws Exception {
    var gathered = new PushedStream<String>(() -> {}, (a, b) -> a + b);
    var second = new CompletableFuture<String>();
    gathered.listen(
        listener(
            new ArrayList<>() {
              @Override
              public boolean add(String item) {
                if (!item.equals("a")) second.complete(item);
                return true;
              }
            }));
    for (var each : List.of("a", "b", "c")) gathered.push(each);
    assertThat(second.get(5, TimeUnit.SECONDS)).startsWith("b");
  }

  @Test
  void tellsAFailureBehindTheItems() {
    stream.push("a");
    stream.fail(new IllegalStateException("why"));
    listen();
    assertThat(heard).containsExactly("a", "why");
  }

  @Test
  void tellsNothingAfterACancel() {
    listen();
    stream.push("a");
    stream.cancel();
    stream.push("b");
    stream.end();
    assertThat(heard).containsExactly("a", "cancelled");
  }

  private void listen() {
    stream.listen(
        new AnswerStream.Listener<>() {
          @Override
          public void next(String item) {
            heard.add(item);
          }

          @Override
          public void end() {
            heard.add("end");
          }

          @Override
          public void fail(Throwable cause) {
            heard.add(cause.getMessage());
          }
        });
  }

  private static AnswerStream.Listener<String> listener(List<String> items) {
    return new AnswerStream.Listener<>() {
      @Override
      public void next(String item) {
        items.add(item);
      }

      @Override
      public void end() {}

      @Override
      public void fail(Throwable cause) {
        throw new AssertionError(cause);
      }
    };
  }
}
