package io.caravan.it;

import static io.caravan.it.GgufPatch.CHAT;
import static io.caravan.it.GgufPatch.EMBEDDINGS;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every kind of file that llama.cpp stumbles or dies over: the client is told the reason, and the
 * next model loads.
 */
class LocalBadFilesIT {

  private static final String ZEROS = "\0\0\0\0";
  private static final String HUGE = "\377\377\377\377\377\377\377\177";

  @TempDir static Path folder;
  private static final Map<LocalEngine, PackagedGateway> GATEWAYS =
      new EnumMap<>(LocalEngine.class);

  @BeforeAll
  static void start() throws Exception {
    notModels();
    headers();
    models();
    for (var engine : LocalEngine.present().toList()) {
      GATEWAYS.put(engine, engine.launch("caravan.local.models=" + folder).start());
    }
  }

  @AfterAll
  static void stop() {
    GATEWAYS.values().forEach(PackagedGateway::close);
  }

  private static void notModels() throws Exception {
    Files.writeString(folder.resolve("text.gguf"), "This is a text and no model at all.");
    Files.createFile(folder.resolve("empty.gguf"));
    Files.createDirectory(folder.resolve("directory.gguf"));
    Files.copy(CHAT, folder.resolve("part-00001-of-00002.gguf"));
    Files.copy(CHAT, folder.resolve("sound.gguf"));
    write("cut", chat().cutTo(1_000_000));
    write("header", chat().cutTo(900));
  }

  private static void headers() throws Exception {
    write("version", chat().replace("GGUF\3", "GGUF\t"));
    write("tensors", chat().at(8, HUGE));
    write("entries", chat().at(16, HUGE));
    write("key", chat().at(24, HUGE));
    write("alignment", chat().withNumber("general.alignment", 0));
    write("type", chat().behind("output_norm.weight\1\0\0\0\0\1\0\0\0\0\0\0", "\143\0\0\0"));
    write("dimensions", chat().behind("output_norm.weight\1\0\0\0", "\0\2\0\0"));
    write("endless", chat().behind("output_norm.weight\1\0\0\0", HUGE));
    write("rank", chat().behind("output_norm.weight", "\11\0\0\0"));
    write("offset", chat().behind("output_norm.weight\1\0\0\0\0\1\0\0\0\0\0\0\0\0\0\0", HUGE));
  }

  private static void models() throws Exception {
    write("arch", chat().behind("general.architecture\10\0\0\0\5\0\0\0\0\0\0\0", "trexx"));
    write("tokenizer", chat().behind("tokenizer.ggml.model\10\0\0\0\5\0\0\0\0\0\0\0", "trexx"));
    write("heads", chat().behind("llama.attention.head_count\4\0\0\0", "\3"));
    write("headless", chat().behind("llama.attention.head_count\4\0\0\0", ZEROS));
    write("layers", chat().behind("llama.block_count\4\0\0\0", "\377\377\377\177"));
    write("width", chat().behind("llama.embedding_length\4\0\0\0", ZEROS));
    write("context", chat().behind("llama.context_length\4\0\0\0", ZEROS));
    write("eos", chat().behind("eos_token_id\4\0\0\0", "\377\377\377\177"));
    write("bos", chat().behind("bos_token_id\4\0\0\0", "\377\377\377\177"));
    write("weights", chat().at(-500_000, "\377".repeat(400_000)));
    write("template", chat().replace("{%- for", "{%- fxr"));
    write("object", chat().replace("You may call these tools: [", "{{ raise_exception('no') }}"));
    var loop = "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}";
    var endless = "{% if m.content == 'loop' %}" + loop + "{% endif %}{{ m.content }}";
    write("loop", chat().instead("{%- if m.tool_calls", "m.content }}{% endif %}", endless));
    write("decoder", chat().withNumber("llama.pooling_type", 1));
    write("reranker", embeddings().behind("bert.pooling_type\4\0\0\0", "\4"));
    write("pooling", embeddings().behind("bert.pooling_type\4\0\0\0", "\143"));
  }

  static Stream<Arguments> refused() {
    return rows(
        List.of(
            "text | not a GGUF file",
            "empty | the file is empty",
            "cut | truncated: needs",
            "header | truncated",
            "version | unsupported GGUF version 9",
            "tensors | ",
            "entries | ",
            "key | ",
            "alignment | ",
            "type | ",
            "dimensions | ",
            "endless | ",
            "rank | ",
            "offset | ",
            "part | part 2 of 2 is missing",
            "arch | ",
            "tokenizer | ",
            "heads | ",
            "headless | ",
            "layers | ",
            "width | "));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("refused")
  void isRefusedWithTheReasonAndTheNextOneLoads(LocalEngine engine, String model, String reason) {
    var reply = GATEWAYS.get(engine).client().chat("local~" + model, "'max_tokens':2");
    assertThat(reply.status()).as(reply.body()).isIn(400, 503);
    assertClean(reply);
    assertThat(reply.error().path("message").asText()).contains(reason).contains(model);
    assertNextLoads(engine);
  }

  static Stream<Arguments> either() {
    return rows(
        List.of(
            "weights | ",
            "template | ",
            "eos | ",
            "bos | ",
            "decoder | ",
            "reranker | ",
            "pooling | "));
  }

  /** Damage that no header shows, or that the engines take differently. */
  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("either")
  void isAnsweredOrRefused(LocalEngine engine, String model) {
    var client = GATEWAYS.get(engine).client();
    for (var path : new String[] {"embeddings", "chat/completions"}) {
      var body =
          Requests.json(
              "{'model':'local~%s','input':'a','max_tokens':2,'messages':[{'role':'user','content':'Hello'}],'tools':[{'type':'function','function':{'name':'now'}}]}"
                  .formatted(model));
      var reply = client.post("/v1/" + path, body);
      assertThat(reply.status()).as(reply.body()).isIn(200, 400, 500, 502, 503);
      if (reply.status() != 200) assertClean(reply);
    }
    assertNextLoads(engine);
  }

  /** Its template is a program, which comes to no end with a certain message. */
  @Test
  void aTemplateThatDoesNotEndHoldsNothingUp() throws Exception {
    var client = GATEWAYS.get(LocalEngine.JLLAMA).client();
    var body = "{'model':'local~loop','messages':[{'role':'user','content':'loop'}]}";
    var reply = client.post("/v1/chat/completions", Requests.json(body));
    assertThat(reply.status()).as(reply.body()).isEqualTo(400);
    assertThat(reply.error().path("message").asText()).contains("did not come to an end within");
    Await.until(
        "others are answered", () -> client.chat("local~loop", "'max_tokens':2").status() == 200);
    assertNextLoads(LocalEngine.JLLAMA);
  }

  @ParameterizedTest
  @MethodSource("engines")
  void whatIsNoFileIsNotFound(LocalEngine engine) {
    for (var absent : new String[] {"directory", "absent", "../models/tinychat-2m-q8_0", "%2e"}) {
      assertThat(GATEWAYS.get(engine).client().chat("local~" + absent, "").status()).isEqualTo(404);
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void onlyWhatCanBeLoadedIsListed(LocalEngine engine) {
    assertThat(GATEWAYS.get(engine).client().get("/v1/models").body())
        .contains("local~sound")
        .doesNotContain("local~text", "local~cut", "local~version");
  }

  static Stream<LocalEngine> engines() {
    return LocalEngine.present();
  }

  private static Stream<Arguments> rows(List<String> rows) {
    return LocalEngine.present()
        .flatMap(
            engine ->
                rows.stream()
                    .map(row -> row.split(" \\| ", -1))
                    .map(row -> Arguments.of(engine, row[0], row[1])));
  }

  private static void assertClean(Client.Reply reply) {
    assertThat(reply.error().path("message").asText())
        .isNotBlank()
        .doesNotContain(folder.toString(), "Exception", "status -1");
    assertThat(reply.error().path("type").asText()).isNotBlank();
  }

  private static void assertNextLoads(LocalEngine engine) {
    var next = GATEWAYS.get(engine).client().chat("local~sound", "'max_tokens':2");
    assertThat(next.status()).as(next.body()).isEqualTo(200);
  }

  private static GgufPatch chat() throws Exception {
    return GgufPatch.of(CHAT);
  }

  private static GgufPatch embeddings() throws Exception {
    return GgufPatch.of(EMBEDDINGS);
  }

  private static void write(String name, GgufPatch model) throws Exception {
    model.to(folder.resolve(name + ".gguf"));
  }
}
