package io.caravan.personal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.access.Client;
import io.caravan.catalog.Providers;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.json.Json;
import io.caravan.settings.Configuration;
import io.caravan.store.Database;
import io.caravan.store.MasterKey;
import io.caravan.store.TestDatabases;
import io.caravan.store.Vault;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of a secret that is kept, when its user says something else. */
class SecretsTest {

  private static final String KEY = "sk-goodkey-abcdef";
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private Database database;
  private Secrets secrets;
  private Drafts drafts;

  @BeforeEach
  void open() throws Exception {
    database = new Database(TestDatabases.h2());
    var open = new CountDownLatch(1);
    database.whenOpen(source -> open.countDown());
    database.open();
    assertThat(open.await(60, TimeUnit.SECONDS)).isTrue();
    var configuration = Configuration.load(null, Map.of(), Map.of());
    var master = MasterKey.of(configuration, Map.of(MasterKey.VARIABLE, "a passphrase for tests"));
    secrets = new Secrets(new Vault(database::dataSource, master, Clock.systemUTC()));
    var backends = new Backends(new Providers(List.of()), secrets, configuration);
    drafts = new Drafts(backends, secrets, Clock.systemUTC());
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void whatTheDatabaseHoldsInClearIsNotShown() throws Exception {
    var clear = stored("{'url':'http://h','apiKey':'%s','model':'m'}".formatted(KEY));
    assertThat(secrets.masked(clear.config(), clear.context()).toString())
        .isEqualTo(told("{'url':'http://h','apiKey':'sk-…f','model':'m'}").toString());
    assertThat(Secrets.without(clear.config()).toString()).doesNotContain("good");
  }

  @Test
  void whatIsASecretIsToldByItsName() throws Exception {
    for (var name :
        List.of("authorization", "passphrase", "api_key_2", "secretKeyValue", "dbPwd")) {
      var clear = stored("{'url':'http://h','%s':'%s'}".formatted(name, KEY));
      assertThat(Secrets.without(clear.config()).toString()).as(name).doesNotContain(KEY);
    }
    for (var name : List.of("max_tokens", "tokenizer", "author", "keyboard")) {
      var open = stored("{'url':'http://h','%s':'5'}".formatted(name));
      assertThat(Secrets.without(open.config()).has(name)).as(name).isTrue();
    }
  }

  @Test
  void whatTheDatabaseHoldsInClearIsSealedByTheNextSave() throws Exception {
    var clear = stored("{'url':'http://h','apiKey':'%s'}".formatted(KEY));
    for (var said : List.of("{'url':'http://h'}", "{'url':'http://h/','apiKey':'sk-…f'}")) {
      var saved = draft(said, clear);
      assertThat(saved.config().toString()).doesNotContain(KEY);
      assertThat(secrets.open(saved.config(), "apiKey", saved.context())).isEqualTo(KEY);
    }
    refused("{'url':'http://elsewhere'}", clear);
    refused("{'url':'http://elsewhere','apiKey':'sk-…f'}", clear);
  }

  @Test
  void aMaskAloneKeepsTheAddressOfItsSecret() throws Exception {
    var before = draft("{'url':'http://h','apiKey':'%s'}".formatted(KEY), null);
    for (var said : List.of("{'apiKey':'sk-…f'}", "{'apiKey':'sk-...f'}", "{'model':'m'}")) {
      var saved = draft(said, before);
      assertThat(saved.config().path("url").asText()).as(said).isEqualTo("http://h");
      assertThat(secrets.open(saved.config(), "apiKey", saved.context())).isEqualTo(KEY);
    }
    refused("{'apiKey':'sk-…f','url':''}", before);
    refused("{'apiKey':'sk-…f','url':null}", before);
    refused("{'apiKey':'sk-...f','url':'http://elsewhere'}", before);
    assertThat(draft("{'apiKey':'sk-another-key'}", before).config().has("url")).isFalse();
  }

  private void refused(String said, Choice before) {
    assertThatThrownBy(() -> draft(said, before))
        .as(said)
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("another address");
  }

  private Choice draft(String config, Choice before) throws Exception {
    var body = Json.object().put("backend_type", "chatgpt").set("config", told(config));
    var request = SettingsRequest.of(body.toString().getBytes(StandardCharsets.UTF_8));
    return drafts.of(Client.LOCAL, request, before);
  }

  private static Choice stored(String config) throws Exception {
    return new Choice("local", "chatgpt", told(config), null, null, NOW, NOW);
  }

  private static ObjectNode told(String config) throws Exception {
    return (ObjectNode) Json.read(config.replace('\'', '"'));
  }
}
