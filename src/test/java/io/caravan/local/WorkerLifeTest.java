package io.caravan.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How worker processes begin and end. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class WorkerLifeTest {

  private static final Path CHAT = Path.of("models/tinychat-2m-q8_0.gguf");
  private static final Path EMBEDDINGS = Path.of("models/tinyembed-f16.gguf");

  @TempDir Path folder;

  @Test
  @Timeout(30)
  void aClientThatLeavesEndsTheWork() throws Exception {
    patch(CHAT, "context_length\4\0\0\0\0\10\0\0", "context_length\4\0\0\0\0\0\1\0");
    var process = start(folder.resolve("patched.gguf"), 65_536);
    try (var signals = process.inputReader()) {
      var client = new WorkerClient(address(signals));
      var answer = client.open(WorkerClient.CHAT, endless());
      var first = signals.readLine(); // its rehearsal may end just now
      var next = first.equals(WorkerSignals.IDLE) ? signals.readLine() : first;
      assertThat(next).isEqualTo(WorkerSignals.BUSY);
      assertThat(answer.read()).isEqualTo('d');
      answer.close();
      assertThat(signals.readLine()).isEqualTo(WorkerSignals.IDLE);
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void theWorkerEndsWithItsGateway() throws Exception {
    var process = start(CHAT, 2048);
    try (var signals = process.inputReader()) {
      var client = new WorkerClient(address(signals));
      var answer = client.open(WorkerClient.CHAT, endless());
      assertThat(answer.read()).isEqualTo('d');
      process.getOutputStream().close();
      assertThat(process.waitFor()).isZero();
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void aPathThatNativeCodeCannotSpellIsLoaded() throws Exception {
    assumeTrue("UTF-8".equals(System.getProperty("sun.jnu.encoding")), "files can be named so");
    var odd = Files.createDirectories(folder.resolve("\uD83D\uDE80")).resolve("\uD83D\uDC2A.gguf");
    Files.copy(EMBEDDINGS, odd);
    var process = start(odd, 512);
    try (var signals = process.inputReader()) {
      assertThat(address(signals)).isNotNull();
      var split = NativePath.of(odd.resolveSibling("b-00001-of-00002.gguf"), WorkerFolder.make());
      var second = split.resolveSibling("model-00002-of-00002.gguf");
      assertThat(Files.readSymbolicLink(second))
          .isEqualTo(odd.resolveSibling("b-00002-of-00002.gguf"));
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void theWorkerEndsWhenItIsTold() throws Exception {
    var process = start(EMBEDDINGS, 512);
    try (var signals = process.inputReader()) {
      address(signals);
      process.destroy();
      assertThat(process.waitFor()).isZero();
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void aTemplateThatObjectsDoesNotEndTheWorker() throws Exception {
    patch(CHAT, "You may call these tools: [", "{{ raise_exception('no') }}");
    try (var models = models()) {
      var client = new WorkerClient(models.start("patched").toCompletableFuture().join());
      var request = WorkerClient.withTool(WorkerClient.chat("Hello"));
      assertThat(client.send(WorkerClient.CHAT, request).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aFileThatLlamaCppRefusesIsToldWithoutItsPath() throws IOException {
    patch(
        EMBEDDINGS,
        "ggml.model\10\0\0\0\4\0\0\0\0\0\0\0bert",
        "ggml.model\10\0\0\0\4\0\0\0\0\0\0\0trex");
    try (var models = models()) {
      assertThatThrownBy(() -> models.start("patched").toCompletableFuture().join())
          .hasMessageContaining("The model `patched` could not be loaded: llama.cpp does not take")
          .hasMessageNotContaining(folder.toString());
    }
  }

  private Process start(Path model, int context) throws IOException {
    var command =
        new WorkerJvms(new WorkerJvms.Slots(1, context, 1)).command(model, WorkerFolder.make());
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    process.getOutputStream().write("secret\n".getBytes(StandardCharsets.US_ASCII));
    process.getOutputStream().flush();
    return process;
  }

  private static WorkerAddress address(BufferedReader signals) throws IOException {
    var line = signals.readLine();
    assertThat(line).startsWith(WorkerSignals.READY);
    var port = line.substring(WorkerSignals.READY.length());
    return new WorkerAddress("http://127.0.0.1:" + port, "secret");
  }

  private LocalModels models() {
    return new LocalModels(
        List.of(folder),
        new Limits(java.time.Duration.ofMinutes(5), 4),
        new WorkerJvms(WorkerJvms.Slots.DEFAULT),
        Clock.systemUTC());
  }

  /** A request that is answered until the context is full. */
  private static ObjectNode endless() {
    var request = WorkerClient.chat("Hello").put("stream", true);
    request.putObject("response_format").put("type", "json_schema");
    var schema = request.withObject("/response_format/json_schema/schema");
    schema.put("type", "array").put("minItems", 1500);
    var items = schema.putObject("items").put("type", "array").put("minItems", 100);
    items.putObject("items").put("type", "string");
    return request;
  }

  private void patch(Path model, String text, String by) throws IOException {
    var bytes = new String(Files.readAllBytes(model), StandardCharsets.ISO_8859_1);
    assertThat(bytes).contains(text);
    var patched = bytes.replace(text, by).getBytes(StandardCharsets.ISO_8859_1);
    Files.write(folder.resolve("patched.gguf"), patched);
  }
}
