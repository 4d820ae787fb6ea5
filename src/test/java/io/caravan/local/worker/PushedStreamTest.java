package io.caravan.local.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.streaming.AnswerStream;
import java.util.ArrayList;
import java.util.List;
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
}
