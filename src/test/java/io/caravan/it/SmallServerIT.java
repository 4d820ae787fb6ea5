package io.caravan.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The API of a small local server under /local, as a client written for it uses it. */
class SmallServerIT {

  private static final String CHAT_FILE = "tinychat-2m-q8_0.gguf";

  static Stream<LocalEngine> engines() {
    return LocalEngine.present();
  }

  @ParameterizedTest
  @MethodSource("engines")
  void aClientLoadsAModelAndChats(LocalEngine engine) throws Exception {
    try (var gateway = engine.launch().start()) {
      var client = gateway.client();
      assertThat(client.get("/local/health").status()).isEqualTo(503);
      assertThat(client.get("/local/health").tree().path("status").asText())
          .isEqualTo("not loaded");
      assertThat(Json.texts(client.get("/local/models").tree().path("models"))).contains(CHAT_FILE);
      var unset =
          post(gateway, "chat/completions", "{'messages':[{'role':'user','content':'Hello'}]}");
      assertThat(unset.status()).isEqualTo(400);
      assertThat(unset.error().path("param").asText()).isEqualTo("model");
      var set =
          post(
              gateway,
              "setModel",
              "{'model_name':'" + CHAT_FILE + "','load_model_configs':{'n_ctx':512}}");
      assertThat(set.status()).as(set.body()).isEqualTo(200);
      assertThat(loaded(gateway).path("context").asInt()).isEqualTo(512);
      assertThat(client.get("/local/health").tree().path("status").asText()).isEqualTo("ok");
      for (var path : new String[] {"/local", "/local/"}) {
        assertThat(client.get(path).tree().path("model").asText()).isEqualTo(CHAT_FILE);
      }
      var chat =
          post(
              gateway,
              "chat/completions",
              "{'messages':[{'role':'user','content':'Hello'}],'inference_configs':{'temperature':0,"
                  + "'max_tokens':3,'top_k':40,'top_p':0.9,'repeat_penalty':1.1,'stop':['zzz']}}");
      assertThat(chat.tree().at("/choices/0/message/content").asText()).startsWith("Hello");
      assertThat(chat.tree().at("/usage/completion_tokens").asInt()).isEqualTo(3);
      try (var stream =
          RawCall.post(
              gateway,
              "/local/chat/completions",
              Requests.json("{'stream':true,'messages':[{'role':'user','content':'Hello'}]}"))) {
        var events = stream.events();
        assertThat(events.get(events.size() - 1)).isEqualTo("data: [DONE]");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void aWarmedPromptSurvivesARestart(LocalEngine engine) throws Exception {
    var cache = Files.createTempDirectory(Path.of("target"), "cache-").toAbsolutePath();
    var prompt =
        "{'role':'system','content':'You are a helpful assistant. Answer briefly, please.'}";
    var settings = new String[] {"caravan.local.cache-dir=" + cache, "caravan.local.parallel=1"};
    try (var gateway = engine.launch(settings).argument("--model-name", CHAT_FILE).start()) {
      Await.until(
          "the model is loaded", () -> gateway.client().get("/local/health").status() == 200);
      var warmed = post(gateway, "restore_cache", "{'messages':[" + prompt + "]}").tree();
      assertThat(warmed.path("tokens_cached").asInt()).as(warmed.toString()).isBetween(10, 60);
      assertThat(warmed.path("saved").asBoolean()).isTrue();
      assertThat(warmed.path("time_ms").isNumber()).isTrue();
    }
    try (var gateway = engine.launch(settings).start()) {
      var chat =
          gateway
              .client()
              .post(
                  "/v1/chat/completions",
                  Requests.json(
                      "{'model':'local~tinychat','max_tokens':2,'messages':["
                          + prompt
                          + ",{'role':'user','content':'Hello'}]}"));
      var cached = chat.tree().at("/usage/prompt_tokens_details/cached_tokens");
      assertThat(cached.asInt()).isGreaterThan(10);
      assertThat(gateway.console()).contains("1 prompts of tinychat restored");
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void theCacheCanBeSwitchedOff(LocalEngine engine) throws Exception {
    var cache = Files.createTempDirectory(Path.of("target"), "cache-").toAbsolutePath();
    try (var gateway =
        engine
            .launch("caravan.local.cache-dir=" + cache, "caravan.local.prompt-cache=off")
            .start()) {
      var warmed =
          post(
                  gateway,
                  "restore_cache",
                  "{'model':'" + CHAT_FILE + "','messages':[{'role':'user','content':'Hello'}]}")
              .tree();
      assertThat(warmed.path("tokens_cached").asInt()).isZero();
      assertThat(warmed.path("saved").asBoolean()).isFalse();
      for (int i = 0; i < 3; i++) {
        var usage = gateway.client().chat("local~tinychat", "'max_tokens':2").tree().path("usage");
        assertThat(usage.at("/prompt_tokens_details/cached_tokens").asInt()).isZero();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void aPromptThatCannotBeRestoredIsNotSaidToBe(LocalEngine engine) throws Exception {
    var cache = Files.createTempDirectory(Path.of("target"), "cache-").toAbsolutePath();
    var settings = "caravan.local.cache-dir=" + cache;
    try (var gateway = engine.launch(settings).start()) {
      post(
          gateway,
          "restore_cache",
          "{'model':'" + CHAT_FILE + "','messages':[{'role':'user','content':'Hello'}]}");
    }
    try (var files = Files.walk(cache)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        Files.writeString(file, "nonsense");
      }
    }
    try (var gateway = engine.launch(settings).start()) {
      assertThat(gateway.client().chat("local~tinychat", "'max_tokens':2").status()).isEqualTo(200);
      assertThat(gateway.console())
          .contains("A prompt of tinychat was not restored")
          .doesNotContain("prompts of tinychat restored")
          .doesNotContain("io.caravan.errors");
    }
  }

  /** A real file system that is full, where one can be had. */
  @ParameterizedTest
  @MethodSource("engines")
  void aFullDiskHarmsNobody(LocalEngine engine) throws Exception {
    var disk = Files.createTempDirectory(Path.of("target"), "disk-").toAbsolutePath();
    assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk.toString()) == 0);
    try (var gateway = engine.launch("caravan.local.cache-dir=" + disk).start()) {
      run("dd", "if=/dev/zero", "of=" + disk.resolve("full"), "bs=1k");
      var warmed =
          post(
              gateway,
              "restore_cache",
              "{'model':'" + CHAT_FILE + "','messages':[{'role':'user','content':'Hello'}]}");
      assertThat(warmed.status()).as(warmed.body()).isEqualTo(200);
      assertThat(warmed.tree().path("saved").asBoolean()).isFalse();
      assertThat(gateway.client().chat("local~tinychat", "'max_tokens':2").status()).isEqualTo(200);
    } finally {
      run("umount", disk.toString());
    }
  }

  private static int run(String... command) throws Exception {
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    return builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
  }

  @ParameterizedTest
  @MethodSource("engines")
  void aCacheThatCannotBeWrittenHarmsNobody(LocalEngine engine) throws Exception {
    try (var gateway = engine.launch("caravan.local.cache-dir=/dev/null/cache").start()) {
      var warmed =
          post(
              gateway,
              "restore_cache",
              "{'model':'" + CHAT_FILE + "','messages':[{'role':'user','content':'Hello'}]}");
      assertThat(warmed.status()).as(warmed.body()).isEqualTo(200);
      assertThat(warmed.tree().path("saved").asBoolean()).isFalse();
      assertThat(gateway.client().chat("local~tinychat", "'max_tokens':2").status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void whoGivesUpALoadEndsIt(LocalEngine engine) throws Exception {
    try (var gateway = engine.launch().start()) {
      try (var call =
          RawCall.post(gateway, "/local/setModel", "{\"model_name\":\"" + CHAT_FILE + "\"}")) {
        Await.until("it loads", () -> !loaded(gateway).isMissingNode());
      }
      Await.until("it ends", () -> loaded(gateway).path("state").asText().isEmpty());
      assertThat(gateway.client().chat("local~tinychat", "'max_tokens':2").status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void complaintsNameTheField(LocalEngine engine) throws Exception {
    try (var gateway = engine.launch().start()) {
      refuses(gateway, "setModel", "{}", 400, "model_name");
      refuses(gateway, "setModel", "{'model_name':5}", 400, "model_name");
      refuses(gateway, "setModel", "{'model_name':'../../etc/passwd'}", 404, "null");
      refuses(
          gateway,
          "setModel",
          "{'model_name':'" + CHAT_FILE + "','load_model_configs':{'n_ctx':'x'}}",
          400,
          "load_model_configs.n_ctx");
      refuses(gateway, "restore_cache", "{'model':'" + CHAT_FILE + "'}", 400, "messages");
      refuses(
          gateway,
          "chat/completions",
          "{'model':'" + CHAT_FILE + "','messages':[],'inference_configs':{'top_k':'x'}}",
          400,
          "inference_configs.top_k");
      refuses(gateway, "chat/completions", "nonsense", 400, "null");
      var odd = "'inference_configs':{'max_tokens':2,'tfs_z':1}";
      var lenient =
          "{'model':'tinychat','messages':[{'role':'user','content':'Hello'}]," + odd + "}";
      var answer = post(gateway, "chat/completions", lenient);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.header("x-caravan-dropped-params")).isEqualTo("tfs_z");
      aContextIsKeptToTheToken(gateway);
    }
  }

  private static void aContextIsKeptToTheToken(PackagedGateway gateway) {
    var small = "{'model_name':'tinychat','load_model_configs':{'n_ctx':100}}";
    assertThat(post(gateway, "setModel", small).status()).isEqualTo(200);
    assertThat(loaded(gateway).path("context").asInt()).isEqualTo(100);
    var chat = "{'messages':[{'role':'user','content':'%s'}]%s}";
    var tooLong = chat.formatted("x ".repeat(60), ""); // 131 tokens: less than 256
    for (var path : new String[] {"chat/completions", "restore_cache"}) {
      var error = post(gateway, path, tooLong).error();
      assertThat(error.path("code").asText()).as(path).isEqualTo("context_length_exceeded");
      assertThat(error.path("type").asText()).isEqualTo("invalid_request_error");
      assertThat(error.path("message").asText()).contains(" 100 tokens", " 131 tokens");
    }
    var endless = chat.formatted("Tell me a story.", ",'logit_bias':{'2':-100,'4':-100}");
    var told = post(gateway, "chat/completions", endless).tree();
    assertThat(told.at("/choices/0/finish_reason").asText()).isEqualTo("length");
    assertThat(told.at("/usage/total_tokens").asInt()).isBetween(90, 100);
  }

  @ParameterizedTest
  @MethodSource("engines")
  void aRefusedChatSwitchesNothingAndALoadWithoutAContextIsTheOperators(LocalEngine engine)
      throws Exception {
    try (var gateway = engine.launch("caravan.local.context=512").start()) {
      var small = "{'model_name':'tinychat','load_model_configs':{'n_ctx':256}}";
      assertThat(post(gateway, "setModel", small).status()).isEqualTo(200);
      assertThat(loaded(gateway).path("context").asInt()).isEqualTo(256);
      var hello = "'messages':[{'role':'user','content':'Hello'}]";
      refuses(gateway, "chat/completions", "{'model':'tinyembed'," + hello + "}", 400, "model");
      for (var configs :
          new String[] {"'max_tokens':0", "'top_k':-5", "'model':'tinychat'", "'stream':true"}) {
        var chat = "{'model':'%s',%s,'inference_configs':{%s}}";
        var body = chat.formatted("tinyembed", hello, configs);
        assertThat(post(gateway, "chat/completions", body).status()).isEqualTo(400);
      }
      assertThat(gateway.client().get("/llm/services/local").tree().path("loaded")).hasSize(1);
      assertThat(gateway.client().get("/local").tree().path("model").asText()).isEqualTo(CHAT_FILE);
      var current = "{" + hello + ",'inference_configs':{'max_tokens':2}}";
      assertThat(post(gateway, "chat/completions", current).status()).isEqualTo(200);
      assertThat(loaded(gateway).path("context").asInt()).isEqualTo(256);
      assertThat(post(gateway, "setModel", "{'model_name':'tinyembed'}").status()).isEqualTo(200);
      var back = "{'model':'tinychat'," + hello + ",'inference_configs':{'max_tokens':2}}";
      assertThat(post(gateway, "chat/completions", back).status()).isEqualTo(200);
      assertThat(contextOfChat(gateway)).isEqualTo(512);
      assertThat(gateway.client().get("/local").tree().path("model").asText()).isEqualTo(CHAT_FILE);
    }
  }

  private static int contextOfChat(PackagedGateway gateway) {
    for (var each : gateway.client().get("/llm/services/local").tree().path("loaded")) {
      if (each.toString().contains("tinychat")) return each.path("context").asInt();
    }
    return 0;
  }

  private static void refuses(
      PackagedGateway gateway, String path, String body, int status, String param) {
    var reply = post(gateway, path, body);
    assertThat(reply.status()).as(reply.body()).isEqualTo(status);
    assertThat(reply.error().path("param").asText()).isEqualTo(param);
  }

  private static Client.Reply post(PackagedGateway gateway, String path, String body) {
    return gateway.client().post("/local/" + path, Requests.json(body));
  }

  private static JsonNode loaded(PackagedGateway gateway) {
    return gateway.client().get("/llm/services/local").tree().at("/loaded/0");
  }
}
