package io.caravan.it;

import static io.caravan.it.Refusals.assertFailed;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.JksOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be the matter with a connection to a service. */
class ConnectionsIT {

  private static final String ANSWER = Requests.wire("openai/chat.response.json");
  private static final String PASSWORD = "changeit";

  @TempDir Path folder;

  @Test
  void aCertificateThatNobodyVouchesForIsRefusedUnlessTheServiceSaysSo() throws Exception {
    try (var fake = FakeService.start(selfSigned());
        var gateway =
            Launch.with(
                    "caravan.service.strict.provider=openai-compatible",
                    "caravan.service.strict.urls=" + fake.url(),
                    "caravan.service.trusting.provider=openai-compatible",
                    "caravan.service.trusting.verify-cert=false",
                    "caravan.service.trusting.urls=" + fake.url())
                .start()) {
      fake.onChat(call -> call.json(200, ANSWER));
      assertFailed(gateway.client().chat("strict~m", ""), 502, "upstream_unreachable");
      assertThat(gateway.client().chat("trusting~m", "").status()).isEqualTo(200);
    }
  }

  /** uvicorn closes idle connections after 5 s, and may do so just when the next call comes. */
  @Test
  void aKeptConnectionThatTheServiceCloses() throws Exception {
    try (var fake = FakeService.start();
        var gateway =
            Launch.with(
                    "caravan.service.s.provider=openai-compatible",
                    "caravan.service.s.enable-discovery=false",
                    "caravan.service.s.urls=" + fake.url())
                .start()) {
      fake.onChat(call -> call.json(200, ANSWER));
      assertThat(gateway.client().chat("s~m", "").status()).isEqualTo(200);
      fake.next();
      fake.onChat(
          call -> {
            fake.onChat(next -> next.json(200, ANSWER));
            call.close(); // the request came over the kept connection, and no byte comes back
          });
      assertThat(gateway.client().chat("s~m", "").status()).isEqualTo(200);
      assertThat(fake.next().tree()).isEqualTo(fake.next().tree());
    }
  }

  @Test
  void aFreshConnectionThatIsClosedIsNotTriedAgain() throws Exception {
    try (var fake = FakeService.start();
        var gateway =
            Launch.with(
                    "caravan.service.s.provider=openai-compatible",
                    "caravan.service.s.enable-discovery=false",
                    "caravan.service.s.urls=" + fake.url())
                .start()) {
      fake.onChat(FakeCall::close);
      var reply = gateway.client().chat("s~m", "", "x-caravan-max-attempts", "1");
      assertFailed(reply, 502, "upstream_unreachable");
      assertThat(fake.waiting()).isEqualTo(1);
    }
  }

  private HttpServerOptions selfSigned() throws Exception {
    var store = folder.resolve("keys.jks");
    var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    var making =
        new ProcessBuilder(
                keytool,
                "-genkeypair",
                "-keyalg",
                "RSA",
                "-keysize",
                "2048",
                "-validity",
                "2",
                "-dname",
                "CN=127.0.0.1",
                "-ext",
                "san=ip:127.0.0.1",
                "-alias",
                "fake",
                "-storepass",
                PASSWORD,
                "-keypass",
                PASSWORD,
                "-keystore",
                store.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool.txt").toFile())
            .start();
    assertThat(making.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(Files.exists(store)).as("the key store").isTrue();
    var keys = new JksOptions().setPath(store.toString()).setPassword(PASSWORD);
    return new HttpServerOptions().setSsl(true).setKeyCertOptions(keys);
  }
}
