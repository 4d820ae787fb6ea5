package io.caravan.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import io.caravan.streaming.AnswerStream;
import io.caravan.streaming.Heard;
import io.caravan.streaming.NdjsonReader;
import io.caravan.streaming.ScriptedStream;
import io.caravan.streaming.ServerEvent;
import io.caravan.streaming.SseReader;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Each folder lifecycle/{provider}/{method}[-case] calls that method of the provider's lifecycle
 * with body.json, or with the events of stream.ndjson or stream.sse, and what arguments.json adds.
 * result.txt is what comes out; {@code -DargLine=-Dgolden.update=true} rewrites it.
 */
class LifecycleGoldenTest {

  private static final Path GOLDEN = Path.of("src/test/resources/lifecycle");
  private static final boolean UPDATE = Boolean.getBoolean("golden.update");
  private static final List<Class<?>> LIFECYCLES =
      List.of(
          OllamaLifecycle.class,
          LmStudioLifecycle.class,
          LocalAiLifecycle.class,
          CortexLifecycle.class,
          RouterLifecycle.class);

  @TestFactory
  Stream<DynamicTest> cases() throws IOException {
    return Files.walk(GOLDEN, 2)
        .filter(dir -> GOLDEN.relativize(dir).getNameCount() == 2)
        .sorted()
        .map(dir -> dynamicTest(GOLDEN.relativize(dir).toString(), () -> translates(dir)));
  }

  private static void translates(Path dir) throws Exception {
    var type = lifecycle(dir.getParent().getFileName().toString());
    var name = dir.getFileName().toString().replaceFirst("-.*", "");
    var method =
        Arrays.stream(type.getMethods())
            .filter(each -> each.getName().equals(name))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no method " + name));
    var actual = call(() -> method.invoke(type.getConstructor().newInstance(), arguments(dir)));
    var golden = dir.resolve("result.txt");
    if (UPDATE) Files.writeString(golden, actual);
    assertThat(actual).isEqualTo(Files.readString(golden));
  }

  private static Class<?> lifecycle(String folder) {
    return LIFECYCLES.stream()
        .filter(each -> each.getSimpleName().equalsIgnoreCase(folder + "Lifecycle"))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no lifecycle for " + folder));
  }

  private static Object[] arguments(Path dir) throws IOException {
    var arguments = new ArrayList<Object>();
    if (Files.exists(dir.resolve("body.json"))) {
      arguments.add(Json.read(Files.readAllBytes(dir.resolve("body.json"))));
    } else {
      arguments.add(ScriptedStream.ending(events(dir)));
    }
    var more = dir.resolve("arguments.json");
    if (Files.exists(more)) {
      Json.read(Files.readAllBytes(more))
          .forEach(each -> arguments.add(each.isTextual() ? each.asText() : each));
    }
    return arguments.toArray();
  }

  private static List<ServerEvent> events(Path dir) throws IOException {
    var lines = dir.resolve("stream.ndjson");
    return Files.exists(lines)
        ? Heard.from(List.of(Files.readAllBytes(lines)), new NdjsonReader()).items()
        : Heard.from(List.of(Files.readAllBytes(dir.resolve("stream.sse"))), new SseReader())
            .items();
  }

  private static String call(java.util.concurrent.Callable<Object> method) throws Exception {
    try {
      return text(method.call());
    } catch (InvocationTargetException e) {
      return failure(e.getCause());
    }
  }

  @SuppressWarnings("unchecked")
  private static String text(Object result) {
    if (!(result instanceof AnswerStream<?> stream)) {
      return (result instanceof JsonNode node ? Json.text(node) : result.toString()) + "\n";
    }
    var heard = new Heard<ObjectNode>();
    ((AnswerStream<ObjectNode>) stream).listen(heard);
    var out = new StringBuilder();
    heard.items().forEach(item -> out.append(Json.text(item)).append('\n'));
    out.append(heard.failure() == null ? heard.endings() + "\n" : failure(heard.failure()));
    return out.toString();
  }

  private static String failure(Throwable cause) {
    return cause.getClass().getSimpleName() + ": " + cause.getMessage() + "\n";
  }
}
