package io.caravan.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** GGUF files that come from a server like Hugging Face's, through the packaged gateway. */
class DownloadIT {

  private static final byte[] FILE = bytes();

  private static FakeService hub;
  private static FakeService store;
  private static Path folder;
  private static Launch launch;
  private static PackagedGateway gateway;
  private static JobClient jobs;

  @BeforeAll
  static void start() throws Exception {
    hub = FakeService.start();
    store = FakeService.start();
    folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "models-");
    launch =
        Launch.with(
                "caravan.service.local.enabled=true",
                "caravan.local.models=" + folder,
                "caravan.jobs.per-service=4",
                "caravan.huggingface.url=" + hub.url())
            .environment("HF_TOKEN", "hf_secret1");
    gateway = launch.start();
    jobs = new JobClient(gateway);
  }

  @AfterEach
  void forget() {
    hub.forget();
    store.forget();
  }

  @AfterAll
  static void stop() {
    gateway.close();
    hub.close();
    store.close();
  }

  @Test
  void followsTheHubToItsStoreWithoutTheToken() throws Exception {
    var header = new String[2];
    hub.on(
        "GET /org/repo/resolve/main/tiny.gguf",
        call -> {
          header[0] = call.header("Authorization");
          call.answer(
              302,
              null,
              "",
              "Location",
              store.url() + "/blob",
              "X-Linked-Etag",
              "\"" + sha(FILE) + "\"");
        });
    store.on(
        "GET /blob",
        call -> {
          header[1] = String.valueOf(call.header("Authorization"));
          send(call, FILE.length, FILE);
        });
    jobs.run("install", "{'model_name':'local~org/repo:tiny.gguf'}", "succeeded");
    assertThat(Files.readAllBytes(folder.resolve("tiny.gguf"))).isEqualTo(FILE);
    assertThat(header).containsExactly("Bearer hf_secret1", "null");
    jobs.run("delete", "{'model_name':'local~tiny'}", "succeeded");
    assertThat(Files.exists(folder.resolve("tiny.gguf"))).isFalse();
  }

  @Test
  void oneThatIsCutGoesOnWhereItEnded() throws Exception {
    var range = new String[1];
    store.on(
        "GET /half.gguf",
        call -> {
          range[0] = call.header("Range");
          if (range[0] == null) {
            call.response()
                .putHeader("ETag", "\"v1\"")
                .putHeader("Content-Length", "" + FILE.length);
            call.send(Arrays.copyOf(FILE, FILE.length / 2)).close();
            return;
          }
          int from = Integer.parseInt(range[0].replaceAll("\\D", ""));
          assertThat(call.header("If-Range")).isEqualTo("\"v1\"");
          call.response()
              .setStatusCode(206)
              .putHeader(
                  "Content-Range", "bytes " + from + "-" + (FILE.length - 1) + "/" + FILE.length)
              .end(Buffer.buffer(Arrays.copyOfRange(FILE, from, FILE.length)));
        });
    var params = "{'service_name':'local','url':'%s/half.gguf','sha256':'%s'}";
    jobs.run("install", params.formatted(store.url(), sha(FILE)), "succeeded");
    assertThat(range[0]).matches("bytes=[1-9]\\d*-");
    assertThat(Files.readAllBytes(folder.resolve("half.gguf"))).isEqualTo(FILE);
    assertThat(folder.resolve("half.gguf.part")).doesNotExist();
  }

  @Test
  void aWrongChecksumLeavesNothing() throws Exception {
    store.on("GET /wrong.gguf", call -> send(call, FILE.length, FILE));
    var params = "{'service_name':'local','url':'%s/wrong.gguf','sha256':'%s'}";
    var job = jobs.run("install", params.formatted(store.url(), "0".repeat(64)), "failed");
    assertThat(job.path("error").path("code").asText()).isEqualTo("checksum_mismatch");
    assertThat(folder.resolve("wrong.gguf")).doesNotExist();
    assertThat(folder.resolve("wrong.gguf.part")).doesNotExist();
  }

  @Test
  void aDiskThatIsTooSmallIsNoticedBefore() {
    store.on("GET /huge.gguf", call -> send(call, 1L << 60, new byte[10]));
    var job =
        jobs.run(
            "install",
            "{'service_name':'local','url':'%s/huge.gguf'}".formatted(store.url()),
            "failed");
    assertThat(job.path("error").path("code").asText()).isEqualTo("disk_full");
    assertThat(folder.resolve("huge.gguf.part.json")).doesNotExist();
  }

  @Test
  void whatIsNotThereIsSaid() {
    store.on("GET /none.gguf", call -> call.answer(404, "text/html", "<html>no</html>"));
    var params = "{'service_name':'local','url':'%s/none.gguf'}".formatted(store.url());
    var job = jobs.run("install", params, "failed");
    assertThat(job.path("error").path("message").asText()).contains("404");
  }

  @Test
  void whatIsNoModelLeavesNothing() throws Exception {
    store.on("GET /page.gguf", call -> call.answer(200, "text/html", "<html>sign in</html>"));
    store.on("GET /empty.gguf", call -> send(call, 0, new byte[0]));
    for (var name : List.of("page", "empty")) {
      var job = jobs.run("install", local(name), "failed");
      assertThat(job.path("error").path("code").asText()).isEqualTo("not_gguf");
      assertThat(folder.resolve(name + ".gguf")).doesNotExist();
      assertThat(folder.resolve(name + ".gguf.part")).doesNotExist();
    }
    var page = Files.writeString(folder.resolve("text.gguf"), "<html>");
    var params = "{'model_name':'local~imported','path':'" + page + "'}";
    var job = jobs.run("import", params, "failed");
    assertThat(job.path("error").path("code").asText()).isEqualTo("not_gguf");
  }

  @Test
  void aFileThatIsThereIsTheSameOrInTheWay() throws Exception {
    var calls = new AtomicInteger();
    store.on("GET /once.gguf", call -> send(call, FILE.length, FILE));
    store.on("GET /v2/once.gguf", call -> calls.incrementAndGet());
    jobs.run("install", local("once"), "succeeded");
    store.on("GET /once.gguf", call -> calls.incrementAndGet());
    jobs.run("install", local("once"), "succeeded");
    var other = "{'service_name':'local','url':'%s/v2/once.gguf'%s}";
    var job = jobs.run("install", other.formatted(store.url(), ""), "failed");
    assertThat(job.path("error").path("code").asText()).isEqualTo("model_exists");
    var sum = ",'sha256':'" + sha(FILE) + "'";
    jobs.run("install", other.formatted(store.url(), sum), "succeeded");
    assertThat(calls).hasValue(0);
  }

  @Test
  void anUpdateComesFromWhereTheModelCameFrom() throws Exception {
    var path = "GET /org/repo/resolve/main/moving.gguf";
    var tag = new String[] {"\"v1\""};
    var next = FILE.clone();
    next[9]++;
    var sent = new AtomicInteger();
    hub.on(
        path,
        call -> {
          sent.incrementAndGet();
          call.response().putHeader("ETag", tag[0]);
          send(call, FILE.length, tag[0].contains("1") ? FILE : next);
        });
    jobs.run("install", "{'model_name':'local~org/repo:moving.gguf'}", "succeeded");
    jobs.run("update", "{'model_name':'local~moving'}", "succeeded");
    assertThat(Files.readAllBytes(folder.resolve("moving.gguf"))).isEqualTo(FILE);
    tag[0] = "\"v2\"";
    jobs.run("update", "{'model_name':'local~moving'}", "succeeded");
    assertThat(Files.readAllBytes(folder.resolve("moving.gguf"))).isEqualTo(next);
    assertThat(sent).hasValue(3);
    jobs.run("delete", "{'model_name':'local~moving'}", "succeeded");
    try (var left = Files.list(folder)) {
      assertThat(left.map(Path::toString)).noneMatch(file -> file.contains("moving"));
    }
    Files.write(folder.resolve("found.gguf"), FILE);
    var job = jobs.run("update", "{'model_name':'local~found'}", "failed");
    assertThat(job.path("error").path("message").asText()).contains("params.url");
  }

  @Test
  void controlCharactersAreRefused() {
    for (var name : List.of("a%00b", "a%0Ab")) {
      var reply = jobs.ask("{'type':'install','params':" + local(name) + "}");
      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.error().path("param").asText()).isEqualTo("params.url");
    }
    var name = "{'type':'install','params':{'model_name':'local~o/r:a\\u0000.gguf'}}";
    assertThat(jobs.ask(name).error().path("param").asText()).isEqualTo("params.model_name");
  }

  @Test
  void aKilledGatewayGoesOnWithADownload() throws Exception {
    var calls = new java.util.concurrent.LinkedBlockingQueue<FakeCall>();
    store.on("GET /killed.gguf", calls::add);
    var own = Launch.with("caravan.service.local.enabled=true", "caravan.local.models=own");
    String id;
    try (var first = own.start()) {
      var params = "{'service_name':'local','url':'%s/killed.gguf'}".formatted(store.url());
      var before = new JobClient(first);
      id = before.id("install", params);
      var call = calls.take();
      call.response().putHeader("ETag", "\"v1\"").putHeader("Content-Length", "" + FILE.length);
      call.send(Arrays.copyOf(FILE, FILE.length / 2));
      Await.until("half", () -> before.job(id).path("progress").path("done").asInt() > 0);
    }
    try (var second = own.start()) {
      var call = calls.take();
      var range = call.header("Range");
      assertThat(range).matches("bytes=[1-9]\\d*-");
      int from = Integer.parseInt(range.replaceAll("\\D", ""));
      call.response()
          .setStatusCode(206)
          .putHeader("Content-Range", "bytes " + from + "-" + (FILE.length - 1) + "/" + FILE.length)
          .end(Buffer.buffer(Arrays.copyOfRange(FILE, from, FILE.length)));
      new JobClient(second).await(id, "succeeded");
      var refused =
          new JobClient(second)
              .ask("{'type':'import','params':{'model_name':'local~x','path':'/etc/passwd'}}");
      assertThat(refused.status()).isEqualTo(400);
    }
  }

  private static String local(String name) {
    return "{'service_name':'local','url':'%s/%s.gguf'}".formatted(store.url(), name);
  }

  private static void send(FakeCall call, long length, byte[] bytes) {
    call.response().putHeader("Content-Length", String.valueOf(length));
    if (length == bytes.length) call.response().end(Buffer.buffer(bytes));
    else call.send(bytes);
  }

  private static byte[] bytes() {
    var bytes = new byte[300_000];
    new Random(7).nextBytes(bytes);
    System.arraycopy("GGUF".getBytes(), 0, bytes, 0, 4);
    return bytes;
  }

  private static String sha(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
