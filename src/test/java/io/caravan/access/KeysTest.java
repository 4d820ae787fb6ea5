package io.caravan.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.errors.GatewayException.Refused;
import io.caravan.errors.GatewayException.Unavailable;
import io.caravan.json.Json;
import io.caravan.store.Database;
import io.caravan.store.TestDatabases;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Keys from their making by the API to their check, on a database of their own. */
class KeysTest {

  private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

  private final AtomicLong nanos = new AtomicLong();
  private Database database;
  private DataSource source;
  private Clock clock = Clock.fixed(NOON, ZoneOffset.UTC);
  private Keys keys;
  private KeysApi api;

  @BeforeEach
  void open() throws Exception {
    database = new Database(TestDatabases.h2());
    var opened = new CompletableFuture<DataSource>();
    database.whenOpen(opened::complete);
    database.open();
    source = opened.get(60, TimeUnit.SECONDS);
    keys = new Keys(() -> source, clock);
    api = new KeysApi(keys, false, clock);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void aKeyOpensUntilItIsDisabledExpiredOrDeleted() throws Exception {
    var made = create("{\"name\":\"a\",\"expires_at\":\"2026-06-01T12:00:10+00:00\"}");
    var text = made.path("key").asText();
    var id = made.path("id").asText();
    assertThat(check().client("Bearer " + text, null, "x").id()).isEqualTo(id);
    assertThat(check().client("bearer  " + text, null, "x").isAdmin()).isFalse();
    assertThat(check().client(null, text, "x").name()).isEqualTo("a");
    change(id, "{\"disabled\":true}");
    assertThatThrownBy(() -> check().client(null, text, "x")).hasMessageContaining("disabled");
    change(id, "{\"disabled\":false}");
    clock = Clock.fixed(NOON.plusSeconds(10), ZoneOffset.UTC);
    assertThatThrownBy(() -> check().client(null, text, "x")).hasMessageContaining("expired");
    api.delete(id);
    assertThatThrownBy(() -> check().client(null, text, "x")).hasMessageContaining("Incorrect");
  }

  @Test
  void nothingElseOpens() throws Exception {
    var text = create("{\"name\":\"a\"}").path("key").asText();
    for (var wrong :
        new String[] {
          text.substring(0, text.length() - 1),
          text + "x",
          text.toUpperCase(),
          "sk-caravan-",
          "x".repeat(5000),
          text.substring(0, 24),
          "sk-caravan-000000000000" + text.substring(23),
          "\u0000"
        }) {
      assertThatThrownBy(() -> check().client("Bearer " + wrong, null, "x"))
          .as(wrong)
          .isInstanceOfSatisfying(Refused.class, e -> assertThat(e.status()).isEqualTo(401));
    }
    for (var none : new String[] {null, "", "Bearer", "Bearer ", "Basic " + text}) {
      assertThatThrownBy(() -> check().client(none, null, "x"))
          .hasMessageContaining("didn't provide");
    }
  }

  @Test
  void whatAKeysUserHasSavedGoesWithIt() throws Exception {
    var id = create("{\"name\":\"a\"}").path("id").asText();
    var other = create("{\"name\":\"b\"}").path("id").asText();
    for (var user : new String[] {id, other}) {
      execute(
          "insert into settings (id, user_id, backend_type, config_json, is_active, created_at,"
              + " updated_at) values ('of %s', '%s', 'chatgpt', '{}', true, now(), now())"
                  .formatted(user, user));
    }
    assertThatThrownBy(() -> keys.delete("nobody")).hasMessageContaining("no key");
    api.delete(id);
    try (var connection = source.getConnection();
        var rows = connection.createStatement().executeQuery("select user_id from settings")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getString(1)).isEqualTo(other);
      assertThat(rows.next()).isFalse();
    }
  }

  @Test
  void keepsNoSecret() throws Exception {
    var text = create("{\"name\":\"a\"}").path("key").asText();
    var secret = text.substring(24);
    try (var connection = source.getConnection();
        var rows = connection.createStatement().executeQuery("select * from api_keys")) {
      rows.next();
      for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
        assertThat(String.valueOf(rows.getString(i))).doesNotContain(secret);
      }
    }
    assertThat(new String(api.list(), StandardCharsets.UTF_8))
        .doesNotContain(secret)
        .contains("sk-…");
  }

  @Test
  void anAddressThatGuessesIsHeardNoMoreButForRightKeys() throws Exception {
    var text = create("{\"name\":\"a\"}").path("key").asText();
    var check = new KeyCheck(keys, "given-token", new FailedAttempts(3), clock, nanos::get);
    for (int i = 0; i < 100; i++) refused(check, "the same", 401);
    for (var guess : new String[] {"one", "two"}) refused(check, guess, 401);
    var last = refused(check, "three", 429);
    assertThat(last.retryAfterSeconds()).isEqualTo(60);
    assertThat(check.client(null, text, "1.2.3.4").name()).isEqualTo("a");
    assertThat(check.client(null, "given-token", "1.2.3.4").isAdmin()).isTrue();
    refused(check, "three", 429);
    nanos.addAndGet(60_000_000_000L);
    refused(check, "three", 401);
  }

  @Test
  void aHouseholdOfAddressesIsOne() {
    var failures = new FailedAttempts(1);
    failures.note("2001:db8:1:2::7", new byte[] {1}, 0);
    assertThat(failures.blockedSeconds("2001:db8:1:2:ffff::9", 0)).isEqualTo(60);
    assertThat(failures.blockedSeconds("2001:db8:1:3::7", 0)).isZero();
  }

  @Test
  void aDamagedRowOpensNothingAndHarmsNoOther() throws Exception {
    var good = create("{\"name\":\"good\"}").path("key").asText();
    for (var damage :
        new String[] {
          "requests_per_minute = -5",
          "tokens_per_minute = -1",
          "allowed_models = '{'",
          "scope = 'ROOT'",
          "secret_hash = 'zz'",
          "allowed_services = '7'"
        }) {
      var made = create("{\"name\":\"damaged\"}");
      execute("update api_keys set " + damage + " where id = '" + made.path("id").asText() + "'");
      assertThatThrownBy(() -> check().client(null, made.path("key").asText(), "x"))
          .as(damage)
          .isInstanceOf(Refused.class);
    }
    assertThat(check().client(null, good, "x").name()).isEqualTo("good");
    var damaged = 0;
    for (var key : Json.read(new String(api.list(), StandardCharsets.UTF_8)).path("data")) {
      if (!key.has("error")) continue;
      damaged++;
      api.delete(key.path("id").asText());
    }
    assertThat(damaged).isEqualTo(6);
    assertThat(Json.read(new String(api.list(), StandardCharsets.UTF_8)).path("data")).hasSize(1);
  }

  @Test
  void ofTwoChangesAtOnceNoneIsLost() throws Exception {
    var id = create("{\"name\":\"a\"}").path("id").asText();
    var other = new KeysApi(new Keys(() -> source, clock), false, clock);
    var first = CompletableFuture.runAsync(() -> repeat(() -> change(id, "{\"disabled\":true}")));
    repeat(() -> other.change(id, "{\"requests_per_minute\":5}".getBytes(StandardCharsets.UTF_8)));
    first.get(60, TimeUnit.SECONDS);
    var key = Json.read(new String(api.one(id), StandardCharsets.UTF_8));
    assertThat(key.path("disabled").asBoolean()).isTrue();
    assertThat(key.path("requests_per_minute").asInt()).isEqualTo(5);
  }

  @Test
  void theLastAdminStays() throws Exception {
    var admin = create("{\"name\":\"a\",\"scope\":\"admin\"}").path("id").asText();
    assertThatThrownBy(() -> api.delete(admin)).hasMessageContaining("last admin");
    assertThatThrownBy(() -> change(admin, "{\"disabled\":true}"))
        .hasMessageContaining("last admin");
    assertThatThrownBy(() -> change(admin, "{\"scope\":\"client\"}"))
        .hasMessageContaining("last admin");
    assertThatThrownBy(() -> change(admin, "{\"expires_at\":\"2026-06-01T12:01:00Z\"}"))
        .hasMessageContaining("last admin");
    change(admin, "{\"expires_at\":null}");
    create("{\"name\":\"b\",\"scope\":\"admin\"}");
    change(admin, "{\"expires_at\":\"2026-06-01T12:01:00Z\"}");
    change(admin, "{\"expires_at\":\"2026-06-01T12:02:00Z\"}");
    api.delete(admin);
    assertThatThrownBy(() -> api.delete(admin)).hasMessageContaining("no key with the id");
  }

  @Test
  void saysWhatIsWrongWithAField() {
    for (var wrong :
        new String[] {
          "{}",
          "{\"name\":7}",
          "{\"name\":\"a\\nb\"}",
          "{\"name\":\"a\",\"scope\":\"root\"}",
          "{\"name\":\"a\",\"expires_at\":\"2020-01-01T00:00:00Z\"}",
          "{\"name\":\"a\",\"expires_at\":\"soon\"}",
          "{\"name\":\"a\",\"expires_at\":99999999999999}",
          "{\"name\":\"a\",\"allowed_models\":\"m\"}",
          "{\"name\":\"a\",\"allowed_services\":[1]}",
          "{\"name\":\"a\",\"requests_per_minute\":0}",
          "{\"name\":\"a\",\"tokens_per_minute\":1.5}",
          "{\"name\":\"a\",\"requests_per_minute\":99999999999}",
          "{\"name\":\"a\",\"disabled\":\"no\"}",
          "{\"name\":\"a\",\"hash\":\"x\"}",
          "[]",
          "x"
        }) {
      assertThatThrownBy(() -> create(wrong))
          .as(wrong)
          .isInstanceOf(io.caravan.errors.GatewayException.InvalidRequest.class);
    }
    assertThat(keys.all()).isEmpty();
  }

  @Test
  void anEmptyListDoesNotOpenEverything() throws Exception {
    var id = create("{\"name\":\"a\",\"allowed_models\":[\"m\"]}").path("id").asText();
    for (var field : new String[] {"allowed_models", "allowed_services"}) {
      assertThatThrownBy(() -> change(id, "{\"" + field + "\":[]}"))
          .isInstanceOf(io.caravan.errors.GatewayException.InvalidRequest.class)
          .hasMessageContaining(field)
          .hasMessageContaining("null for all, or name at least one");
      assertThatThrownBy(() -> create("{\"name\":\"b\",\"" + field + "\":[]}"))
          .hasMessageContaining(field);
    }
    assertThat(new String(api.one(id), StandardCharsets.UTF_8)).contains("[\"m\"]");
    change(id, "{\"allowed_models\":null}");
    assertThat(new String(api.one(id), StandardCharsets.UTF_8)).doesNotContain("[\"m\"]");
  }

  @Test
  void namesAreDataInEveryField() throws Exception {
    var evil = "x'; drop table api_keys; --";
    var made = create("{\"name\":\"" + evil + "\",\"allowed_models\":[\"" + evil + "\"]}");
    assertThat(made.path("name").asText()).isEqualTo(evil);
    assertThatThrownBy(() -> api.one("' or '1'='1")).hasMessageContaining("no key");
    assertThatThrownBy(() -> api.delete("' or '1'='1")).hasMessageContaining("no key");
    assertThat(keys.all()).hasSize(1);
  }

  @Test
  void nobodyIsKnownBeforeTheDatabaseIs() {
    var unread = new Keys(() -> source, clock);
    var check = new KeyCheck(unread, null, new FailedAttempts(3), clock, nanos::get);
    assertThatThrownBy(() -> check.client(null, "any", "x")).isInstanceOf(Unavailable.class);
  }

  private static void repeat(Runnable action) {
    for (int i = 0; i < 20; i++) action.run();
  }

  private Refused refused(KeyCheck check, String text, int status) {
    try {
      check.client("Bearer " + text, null, "1.2.3.4");
    } catch (Refused e) {
      assertThat(e.status()).as(text).isEqualTo(status);
      return e;
    }
    throw new AssertionError(text + " was let in");
  }

  private KeyCheck check() {
    keys.refresh();
    return new KeyCheck(keys, null, new FailedAttempts(1000), clock, nanos::get);
  }

  private com.fasterxml.jackson.databind.JsonNode create(String json) throws Exception {
    try (var context = new DefaultCamelContext()) {
      var exchange = new DefaultExchange(context);
      api.create(exchange, json.getBytes(StandardCharsets.UTF_8));
      return Json.read(exchange.getMessage().getBody(byte[].class));
    }
  }

  private void change(String id, String json) {
    api.change(id, json.getBytes(StandardCharsets.UTF_8));
  }

  private void execute(String sql) throws SQLException {
    try (var connection = source.getConnection()) {
      connection.createStatement().execute(sql);
    }
  }
}
