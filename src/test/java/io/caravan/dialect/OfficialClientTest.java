package io.caravan.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.openai.core.ObjectMappers;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import io.caravan.json.Json;
import io.caravan.streaming.Heard;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** OpenAI's own client accepts what the dialects and the frame make of every golden case. */
class OfficialClientTest {

  private static final Path GOLDEN = Path.of("src/test/resources/golden");
  private static final AnswerStamp STAMP = new AnswerStamp(CompletionKind.CHAT, "svc~m", "id", 99);

  static Stream<Path> streams() throws IOException {
    return golden("stream.openai.sse").filter(OfficialClientTest::endsWell);
  }

  @ParameterizedTest
  @MethodSource("streams")
  void gathersTheStream(Path file) throws IOException {
    var accumulator = ChatCompletionAccumulator.create();
    var framed = Heard.from(chunks(file), new ChunkFrame(STAMP, true, false)).items();
    for (var chunk : framed) {
      var typed = ObjectMappers.jsonMapper().readValue(Json.text(chunk), ChatCompletionChunk.class);
      accumulator.accumulate(typed.validate());
    }
    var message = accumulator.chatCompletion().choices().get(0).message();
    assertThat(message.content().orElse("")).isEqualTo(joined(framed, "content"));
    var arguments =
        message.toolCalls().orElse(List.of()).stream()
            .map(call -> call.asFunction().function().arguments())
            .toList();
    assertThat(String.join("", arguments)).isEqualTo(joined(framed, "arguments"));
  }

  static Stream<Path> replies() throws IOException {
    return golden("reply.openai.json");
  }

  @ParameterizedTest
  @MethodSource("replies")
  void readsTheAnswer(Path file) throws IOException {
    var whole = STAMP.whole((ObjectNode) Json.read(Files.readAllBytes(file)));
    var typed = ObjectMappers.jsonMapper().readValue(Json.text(whole), ChatCompletion.class);
    assertThat(typed.validate().choices()).isNotEmpty();
  }

  private static Stream<Path> golden(String name) throws IOException {
    return Files.walk(GOLDEN)
        .filter(file -> file.endsWith(name))
        .filter(file -> !file.toString().contains("text-completion"));
  }

  private static List<ObjectNode> chunks(Path file) throws IOException {
    var chunks = new ArrayList<ObjectNode>();
    for (var line : Files.readAllLines(file)) {
      if (line.startsWith("data: ")) chunks.add((ObjectNode) Json.read(line.substring(6)));
    }
    return chunks;
  }

  private static String joined(List<ObjectNode> chunks, String field) {
    var out = new StringBuilder();
    for (var chunk : chunks) {
      for (var value : chunk.findValues(field)) out.append(value.asText(""));
    }
    return out.toString();
  }

  /** Golden streams that fail say so in a comment behind their chunks. */
  private static boolean endsWell(Path file) {
    try (var lines = Files.lines(file)) {
      return lines.noneMatch(line -> line.startsWith(": "));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
