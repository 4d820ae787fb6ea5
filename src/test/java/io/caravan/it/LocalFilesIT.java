package io.caravan.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Model files that come, go and are wrong, while the gateway runs. */
class LocalFilesIT {

  private static final Duration SEEN = Duration.ofSeconds(5);
  private static final Path CHAT = Path.of("models/tinychat-2m-q8_0.gguf");
  private static final Path EMBEDDINGS = Path.of("models/tinyembed-f16.gguf");

  @TempDir Path folder;
  private PackagedGateway gateway;

  @BeforeEach
  void start() throws Exception {
    gateway = LocalEngine.JLLAMA.launch("caravan.local.models=" + folder).start();
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  void aFileThatComesIsListedAndOneThatGoesIsNot() throws Exception {
    assertThat(list()).doesNotContain("local~");
    Files.copy(CHAT, folder.resolve("new.gguf"));
    Await.until("it is listed", SEEN, () -> list().contains("local~new"));
    Files.delete(folder.resolve("new.gguf"));
    Await.until("it is not listed", SEEN, () -> !list().contains("local~new"));
    assertThat(gateway.client().chat("local~new", "").status()).isEqualTo(404);
  }

  @Test
  void aLoadedModelGoesOnWithoutItsFile() throws Exception {
    Files.copy(CHAT, folder.resolve("new.gguf"));
    Await.until("it is listed", SEEN, () -> list().contains("local~new"));
    assertThat(gateway.client().chat("local~new", "'max_tokens':2").status()).isEqualTo(200);
    Files.delete(folder.resolve("new.gguf"));
    assertThat(gateway.client().chat("local~new", "'max_tokens':2").status()).isEqualTo(200);
  }

  @Test
  void wrongFilesAreRefusedWithTheReasonAndTheNextOneLoads() throws Exception {
    var bytes = Files.readAllBytes(CHAT);
    Files.writeString(folder.resolve("text.gguf"), "This is a text and no model at all.");
    Files.createFile(folder.resolve("empty.gguf"));
    Files.createDirectory(folder.resolve("directory.gguf"));
    Files.write(folder.resolve("cut.gguf"), Arrays.copyOf(bytes, 1_000_000));
    Files.write(folder.resolve("header.gguf"), Arrays.copyOf(bytes, 900));
    patch(
        CHAT,
        "arch.gguf",
        "architecture\10\0\0\0\5\0\0\0\0\0\0\0llama",
        "architecture\10\0\0\0\5\0\0\0\0\0\0\0trexx");
    patch(EMBEDDINGS, "pooling.gguf", "bert.pooling_type\4\0\0\0\1", "bert.pooling_type\4\0\0\0\4");
    patch(CHAT, "version.gguf", "GGUF\3", "GGUF\t");
    Files.copy(CHAT, folder.resolve("part-00001-of-00002.gguf"));
    Files.copy(CHAT, folder.resolve("sound.gguf"));
    refused("text", 400, "not a GGUF file");
    refused("empty", 503, "the file is empty");
    refused("cut", 503, "truncated: needs");
    refused("header", 503, "truncated");
    refused("arch", 400, "does not know the architecture `trexx`");
    refused("pooling", 400, "cannot pool");
    refused("version", 400, "unsupported GGUF version 9");
    refused("part", 400, "part 2 of 2 is missing");
    for (var absent : new String[] {"directory", "absent", "../models/tinychat-2m-q8_0"}) {
      assertThat(gateway.client().chat("local~" + absent, "").status()).isEqualTo(404);
    }
    assertThat(list())
        .contains("local~sound")
        .doesNotContain("local~text")
        .doesNotContain("local~arch");
    assertThat(gateway.client().chat("local~sound", "'max_tokens':2").status()).isEqualTo(200);
  }

  private void refused(String model, int status, String reason) {
    var reply = gateway.client().chat("local~" + model, "");
    assertThat(reply.status()).as(model + " " + reply.body()).isEqualTo(status);
    assertThat(reply.error().path("message").asText())
        .contains(reason)
        .doesNotContain(folder.toString());
  }

  private String list() {
    return gateway.client().get("/v1/models").body();
  }

  private void patch(Path model, String name, String text, String by) throws Exception {
    var bytes = new String(Files.readAllBytes(model), StandardCharsets.ISO_8859_1);
    assertThat(bytes).contains(text);
    var patched = bytes.replace(text, by).getBytes(StandardCharsets.ISO_8859_1);
    Files.write(folder.resolve(name), patched);
  }
}
