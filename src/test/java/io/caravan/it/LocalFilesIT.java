package io.caravan.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Model files that come, go and are wrong, while the gateway runs. */
class LocalFilesIT {

  private static final Duration SEEN = Duration.ofSeconds(5);
  private static final Path CHAT = Path.of("models/tinychat-2m-q8_0.gguf");

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
    Await.until("it is not listed", SEEN, () -> !list().contains("local~new"));
    assertThat(gateway.client().get("/local/models").body()).doesNotContain("new.gguf");
    assertThat(gateway.client().chat("local~new", "'max_tokens':2").status()).isEqualTo(200);
  }

  @Test
  void whoAsksForAFileThatCannotBeLoadedIsToldWhy() throws Exception {
    GgufPatch.of(CHAT).replace("GGUF\3", "GGUF\t").to(folder.resolve("version.gguf"));
    Await.until(
        "it is seen", SEEN, () -> gateway.client().chat("local~version", "").status() == 400);
    var reply = gateway.client().chat("local~version", "");
    assertThat(reply.error().path("message").asText()).contains("unsupported GGUF version 9");
    assertThat(list()).doesNotContain("version");
  }

  private String list() {
    return gateway.client().get("/v1/models").body();
  }
}
