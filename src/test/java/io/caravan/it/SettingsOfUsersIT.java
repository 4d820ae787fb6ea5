package io.caravan.it;

import static io.caravan.it.Requests.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.it.Client.Reply;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.Test;

/** Where keys are asked for, each user has settings of their own, and none sees another's. */
class SettingsOfUsersIT {

  private static final String PATH = "/api/settings/llm";
  private static final String ADMIN = "an-admin-token-of-this-test";

  private PackagedGateway gateway;

  @Test
  void usersAreApart() throws Exception {
    try (var one = FakeService.start().models("of-one");
        var two = FakeService.start().models("of-two");
        var started =
            Launch.with("caravan.access.required=true", "caravan.access.admin-token=" + ADMIN)
                .start()) {
      gateway = started;
      Await.until("the database is there", () -> get(ADMIN, "/api/keys").status() == 200);
      var anna = key("anna", "admin");
      var bert = key("bert", "admin");
      save(anna, one, "sk-the-key-of-anna-1");
      save(bert, two, "sk-the-key-of-bert-2");
      for (var path : new String[] {"/proxy/llm/v1/models", PATH + "/models", PATH}) {
        assertThat(get(anna, path).body()).doesNotContain("of-two", two.url(), "…2");
        assertThat(get(bert, path).body()).doesNotContain("of-one", one.url(), "…1");
      }
      assertThat(get(anna, "/proxy/llm/v1/models").body()).contains("of-one");
      assertThat(get(bert, "/proxy/llm/v1/models").body()).contains("of-two");
      two.onChat(call -> call.json(200, Requests.wire("openai/chat.response.json")));
      assertThat(chat(bert).status()).isEqualTo(200);
      assertThat(two.next().header("authorization")).isEqualTo("Bearer sk-the-key-of-bert-2");
      call(anna, "DELETE", PATH, "");
      assertThat(get(anna, "/proxy/llm/v1/models").status()).isEqualTo(404);
      assertThat(get(bert, "/proxy/llm/v1/models").status()).isEqualTo(200);
      aClientHasLess(one);
      whoIsNoAdminAnyMoreHasLessAtOnce(one);
      theListsOfAKeyBindItsOwnServiceToo(two);
      assertThat(get(null, PATH).status()).isEqualTo(401);
      assertThat(get(null, "/proxy/llm/v1/models").status()).isEqualTo(401);
      var told = get(ADMIN, "/api/audit").body() + get(ADMIN, "/llm/breakers").body();
      assertThat(told).contains("save-llm-settings").doesNotContain("test-llm-settings");
      assertThat(told + gateway.console()).doesNotContain("sk-the-key", "\tat ");
    }
  }

  /** This machine and its network are for admins. */
  private void aClientHasLess(FakeService one) {
    var client = key("carl", "client");
    assertThat(get(client, PATH).tree().path("backend_type").isNull()).isTrue();
    var near = settings(one, "k");
    var refused = call(client, "POST", PATH, near);
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.error().path("param").asText()).isEqualTo("config.url");
    var tested = call(client, "POST", PATH + "/test", near).tree();
    assertThat(tested.path("status").asText()).isEqualTo("error");
    assertThat(call(client, "POST", PATH, json("{'backend_type':'llamacpp'}")).status())
        .isEqualTo(400);
    assertThat(call(client, "POST", PATH, json("{'backend_type':'ollama'}")).status())
        .as("its usual place is this machine")
        .isEqualTo(400);
  }

  private void whoIsNoAdminAnyMoreHasLessAtOnce(FakeService one) {
    var dora = made("dora", "admin");
    var key = dora.tree().path("key").asText();
    save(key, one, "sk-the-key-of-dora-4");
    assertThat(get(key, "/proxy/llm/v1/models").status()).isEqualTo(200);
    assertThat(get(key, PATH + "/status").tree().path("connected").asBoolean()).isTrue();
    var path = "/api/keys/" + dora.tree().path("id").asText();
    assertThat(call(ADMIN, "PATCH", path, json("{'scope':'client'}")).status()).isEqualTo(200);
    for (var refused :
        new Reply[] {get(key, "/proxy/llm/v1/models"), get(key, PATH + "/models"), chat(key)}) {
      assertThat(refused.status()).as(refused.body()).isEqualTo(403);
      assertThat(refused.error().path("code").asText()).isEqualTo("backend_not_allowed");
    }
    var status = get(key, PATH + "/status").tree();
    assertThat(status.path("connection").asText()).isEqualTo("error");
    assertThat(status.path("error").asText()).contains("only admins");
  }

  private void theListsOfAKeyBindItsOwnServiceToo(FakeService two) {
    var emil = made("emil", "admin");
    var key = emil.tree().path("key").asText();
    var path = "/api/keys/" + emil.tree().path("id").asText();
    save(key, two, "sk-the-key-of-emil-5");
    call(ADMIN, "PATCH", path, json("{'allowed_models':['m'],'allowed_services':['openai']}"));
    assertThat(chat(key).status()).isEqualTo(200);
    var list = get(key, "/proxy/llm/v1/models").tree();
    assertThat(list.path("data")).as("of-two is not open").isEmpty();
    call(ADMIN, "PATCH", path, json("{'allowed_models':['of-*']}"));
    assertThat(get(key, "/proxy/llm/v1/models").body()).contains("of-two");
    assertThat(chat(key).error().path("code").asText()).isEqualTo("model_not_allowed");
    call(ADMIN, "PATCH", path, json("{'allowed_models':null,'allowed_services':['ollama']}"));
    for (var refused : new Reply[] {get(key, "/proxy/llm/v1/models"), chat(key)}) {
      assertThat(refused.status()).as(refused.body()).isEqualTo(403);
      assertThat(refused.error().path("code").asText()).isEqualTo("backend_not_allowed");
    }
    save(key, two, "sk-the-key-of-emil-6");
  }

  private String key(String name, String scope) {
    return made(name, scope).tree().path("key").asText();
  }

  private Reply made(String name, String scope) {
    var made =
        call(ADMIN, "POST", "/api/keys", json("{'name':'%s','scope':'%s'}".formatted(name, scope)));
    assertThat(made.status()).as(made.body()).isEqualTo(201);
    return made;
  }

  private void save(String user, FakeService fake, String key) {
    var saved = call(user, "POST", PATH, settings(fake, key));
    assertThat(saved.status()).as(saved.body()).isEqualTo(200);
  }

  private static String settings(FakeService fake, String key) {
    return json(
        "{'backend_type':'chatgpt','config':{'url':'%s','apiKey':'%s'},'default_model':'m'}"
            .formatted(fake.url(), key));
  }

  private Reply chat(String user) {
    return call(user, "POST", "/proxy/llm/v1/chat/completions", Requests.chat("m", ""));
  }

  private Reply get(String user, String path) {
    return call(user, "GET", path, "");
  }

  private Reply call(String user, String method, String path, String body) {
    var content = body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body);
    return user == null
        ? gateway.client().call(method, path, content)
        : gateway
            .client()
            .call(
                method,
                path,
                content,
                "Authorization",
                "Bearer " + user,
                "Content-Type",
                "application/json");
  }
}
