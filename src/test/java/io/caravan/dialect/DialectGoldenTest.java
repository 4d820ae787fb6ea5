package io.caravan.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import io.caravan.streaming.Heard;
import io.caravan.streaming.NdjsonReader;
import io.caravan.streaming.ServerEvent;
import io.caravan.streaming.SseReader;
import io.caravan.streaming.Transformer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Each folder golden/{dialect}/{case} is a test of all translations that it has files for. To take
 * what comes out as what shall come out: {@code mvn test -Dtest=DialectGoldenTest
 * -DargLine=-Dgolden.update=true}, then read the diff.
 */
class DialectGoldenTest {

  private static final Path GOLDEN = Path.of("src/test/resources/golden");
  private static final boolean UPDATE = Boolean.getBoolean("golden.update");

  @TestFactory
  Stream<DynamicTest> cases() throws IOException {
    return Files.walk(GOLDEN, 2)
        .filter(dir -> GOLDEN.relativize(dir).getNameCount() == 2)
        .sorted()
        .map(dir -> dynamicTest(GOLDEN.relativize(dir).toString(), () -> translates(dir)));
  }

  private static void translates(Path dir) throws Exception {
    var dialect = dialect(dir.getParent().getFileName().toString());
    int pairs =
        json(dir, "request.openai", "request.provider", t -> dialect.toProvider((ObjectNode) t))
            + json(dir, "reply.provider", "reply.openai", dialect::toCompletion)
            + json(dir, "models.provider", "models.openai", dialect::toModels)
            + stream(dir.resolve("stream.provider.sse"), dialect, SseReader::new)
            + stream(dir.resolve("stream.provider.ndjson"), dialect, NdjsonReader::new);
    assertThat(pairs).as("translations in " + dir).isPositive();
  }

  /** The dialect of a folder is the class of its name, whatever the capitals in it. */
  private static Dialect dialect(String folder) throws Exception {
    var classes = Path.of(Dialect.class.getResource("Dialect.class").toURI()).getParent();
    try (var files = Files.list(classes)) {
      var file =
          files
              .map(path -> path.getFileName().toString())
              .filter(name -> name.equalsIgnoreCase(folder + "Dialect.class"))
              .findFirst()
              .orElseThrow(() -> new AssertionError("no dialect for golden/" + folder));
      var name = Dialect.class.getPackageName() + "." + file.replace(".class", "");
      return (Dialect) Class.forName(name).getDeclaredConstructor().newInstance();
    }
  }

  private static int json(Path dir, String in, String out, Function<JsonNode, JsonNode> translate)
      throws IOException {
    var source = dir.resolve(in + ".json");
    if (!Files.exists(source)) return 0;
    JsonNode input = Json.read(Files.readAllBytes(source));
    JsonNode actual = translate.apply(input);
    assertThat(input).as("unchanged argument").isEqualTo(Json.read(Files.readAllBytes(source)));
    var golden = dir.resolve(out + ".json");
    if (UPDATE) Files.writeString(golden, pretty(actual));
    assertThat(sameByValue(actual, Json.read(Files.readAllBytes(golden))))
        .as("%s should hold%n%s", golden, pretty(actual))
        .isTrue();
    return 1;
  }

  private static String pretty(JsonNode node) throws IOException {
    var separators =
        Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER);
    var printer = new DefaultPrettyPrinter(separators);
    printer.indentArraysWith(new DefaultIndenter("  ", "\n"));
    return new ObjectMapper().writer(printer).writeValueAsString(node) + "\n";
  }

  private static boolean sameByValue(JsonNode one, JsonNode other) {
    return one.equals(
        (a, b) -> {
          if (a.isNumber() && b.isNumber()) return a.decimalValue().compareTo(b.decimalValue());
          return a.equals(b) ? 0 : 1;
        },
        other);
  }

  private static int stream(
      Path source, Dialect dialect, Supplier<Transformer<byte[], ServerEvent>> reader)
      throws IOException {
    if (!Files.exists(source)) return 0;
    byte[] bytes = Files.readAllBytes(source);
    var golden = source.resolveSibling("stream.openai.sse");
    for (int size : new int[] {bytes.length, 7, 1}) {
      var events = Heard.from(reads(bytes, size), reader.get());
      var actual = text(Heard.from(events.items(), dialect.chunks()));
      if (UPDATE) Files.writeString(golden, actual);
      assertThat(actual).as("read %d bytes at a time", size).isEqualTo(Files.readString(golden));
    }
    return 1;
  }

  private static List<byte[]> reads(byte[] bytes, int size) {
    var out = new ArrayList<byte[]>();
    for (int at = 0; at < bytes.length; at += size) {
      out.add(Arrays.copyOfRange(bytes, at, Math.min(at + size, bytes.length)));
    }
    return out;
  }

  /** Chunks as events, and how a stream failed as a comment behind them. */
  private static String text(Heard<ObjectNode> heard) {
    var out = new StringBuilder();
    heard.items().forEach(chunk -> out.append("data: ").append(Json.text(chunk)).append("\n\n"));
    var failure = heard.failure();
    if (failure == null) return out.toString();
    var how = failure.getClass().getSimpleName() + ": " + failure.getMessage();
    return out.append(": ").append(how).append('\n').toString();
  }
}
