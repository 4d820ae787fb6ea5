package io.caravan.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.access.UrlGuard;
import io.caravan.catalog.Catalog;
import io.caravan.catalog.ConfiguredServices;
import io.caravan.catalog.Providers;
import io.caravan.catalog.Service;
import io.caravan.catalog.Services;
import io.caravan.errors.GatewayException;
import io.caravan.resilience.Breakers;
import io.caravan.resilience.Gates;
import io.caravan.resilience.RuleBook;
import io.caravan.routing.Loads;
import io.caravan.routing.Names;
import io.caravan.routing.TargetChoice;
import io.caravan.settings.Configuration;
import io.caravan.store.Database;
import io.caravan.store.DatabaseUrl;
import io.caravan.store.MasterKey;
import io.caravan.store.TestDatabases;
import io.caravan.store.Vault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StoredServicesTest {

  private static final Map<String, String> MOCK = Map.of("provider", "mock");

  private final List<AutoCloseable> open = new ArrayList<>();
  private DatabaseUrl url;

  /** A clock that stands where it is put. */
  private static final class Moving extends Clock {
    private final AtomicReference<Instant> now;

    Moving(AtomicReference<Instant> now) {
      this.now = now;
    }

    @Override
    public Instant instant() {
      return now.get();
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  /** A node of a cluster, with an empty configuration of its own. */
  private record Node(
      LiveConfiguration live, StoredServices stored, ServiceWriter writer, Database database) {
    Service service(String name) {
      return live.parts().catalog().services().get(name);
    }
  }

  @BeforeEach
  void start() throws Exception {
    url = TestDatabases.h2();
  }

  @AfterEach
  void stop() throws Exception {
    for (var each : open) each.close();
  }

  private Node node(String keyOfKeys) throws Exception {
    var secret = Base64.getEncoder().encodeToString(keyOfKeys.getBytes());
    return node(Map.of(MasterKey.VARIABLE, secret), Clock.systemUTC(), Duration.ZERO);
  }

  private Node node(Map<String, String> environment, Clock clock, Duration interval)
      throws Exception {
    var settings = new HashMap<>(Map.of("caravan.database.url", url.url()));
    var shipped = Configuration.load(null, Map.of(), Map.of()).under("caravan.service.");
    for (var key : shipped.keySet()) {
      settings.put("caravan.service." + key.replaceFirst("\\..*", ".enabled"), "false");
    }
    var configuration = Configuration.load(null, Map.of(), settings);
    var catalog = new Catalog(new Services(List.of()), clock, Duration.ofSeconds(30));
    var loads = new Loads(clock);
    var choice = new TargetChoice(catalog, Names.of(configuration), loads, () -> new Random(1));
    var rules = new RuleBook(configuration);
    var parts =
        new LiveParts(
            catalog,
            choice,
            rules,
            new Gates(configuration),
            new Breakers(configuration, clock),
            loads);
    var providers = new Providers(List.of());
    var found = ConfiguredServices.read(configuration, providers, Map.of());
    var live =
        new LiveConfiguration(parts, providers, configuration, found, Map.of(), c -> c, clock);
    var context = new DefaultCamelContext();
    context.start();
    open.add(context);
    live.start(context);
    var database = new Database(url);
    open.add(database);
    var master = MasterKey.of(configuration, environment);
    var keys = new StoredKeys(new Vault(database::dataSource, master, clock));
    var stored = new StoredServices(live, database, keys, clock, interval);
    stored.start();
    database.open();
    stored.ready();
    var writer = new ServiceWriter(live, stored, keys, new Providers(List.of()), new UrlGuard());
    return new Node(live, stored, writer, database);
  }

  @Test
  void whatOneNodeChangesTheOthersSee() throws Exception {
    var first = node("a".repeat(32));
    var second = node("a".repeat(32));
    first.stored.save("s", MOCK, "sk-secret", 0);
    assertThat(first.service("s").apiKey()).isEqualTo("sk-secret");
    assertThat(second.service("s")).isNull();
    second.stored.look();
    assertThat(second.service("s").apiKey()).isEqualTo("sk-secret");
    first.stored.remove("s", 1);
    assertThatThrownBy(() -> second.stored.save("s", MOCK, null, 1))
        .isInstanceOf(GatewayException.Conflict.class);
    second.stored.look();
    assertThat(second.service("s")).isNull();
  }

  @Test
  void whatIsWrongIsNotStored() throws Exception {
    var node = node("a".repeat(32));
    var wrong = Map.of("provider", "mock", "max-queue", "many");
    assertThatThrownBy(() -> node.stored.save("s", wrong, null, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("max-queue");
    assertThat(node.service("s")).isNull();
    assertThat(node.stored.all()).isEmpty();
    node.stored.look();
    assertThat(node.service("s")).isNull();
  }

  @Test
  void aNewKeyDoesWithoutAnUnreadableOne() throws Exception {
    var node = node("a".repeat(32));
    node.stored.save("s", MOCK, "sk-secret", 0);
    damageKey(node);
    var keyless = new ServiceRequest("s", Map.of(), false, null, null);
    assertThatThrownBy(() -> node.writer.write("s", keyless)).hasMessageContaining("Enter it");
    node.writer.write("s", new ServiceRequest("s", Map.of(), true, "sk-new", null));
    assertThat(node.service("s").apiKey()).isEqualTo("sk-new");
    damageKey(node);
    node.writer.write("s", new ServiceRequest("s", Map.of(), true, null, null));
    assertThat(node.service("s").apiKey()).isNull();
  }

  @Test
  void knowsWhatWouldChangeAService() throws Exception {
    var node = node("a".repeat(32));
    assertThat(node.writer.changes("s", request("provider", "mock"))).isTrue();
    var settings = new HashMap<>(MOCK);
    settings.put("queue-timeout-sec", "1.50");
    node.stored.save("s", settings, "sk-secret", 0);
    for (var same :
        new ServiceRequest[] {
          request("provider", "mock"),
          request("queue-timeout-sec", "1.5"),
          new ServiceRequest("s", Map.of(), true, "sk-secret", null),
          new ServiceRequest("s", Map.of(), true, "sk-\u2026t", null)
        }) {
      assertThat(node.writer.changes("s", same)).as(same.toString()).isFalse();
    }
    for (var other :
        new ServiceRequest[] {
          request("queue-timeout-sec", "2"),
          request("enabled", "false"),
          request("queue-timeout-sec", null),
          new ServiceRequest("s", Map.of(), true, "sk-other", null),
          new ServiceRequest("s", Map.of(), true, null, null)
        }) {
      assertThat(node.writer.changes("s", other)).as(other.toString()).isTrue();
    }
  }

  private static ServiceRequest request(String setting, String value) {
    var settings = new HashMap<String, String>();
    settings.put(setting, value);
    return new ServiceRequest("s", settings, false, null, null);
  }

  private static void damageKey(Node node) throws Exception {
    try (var connection = node.database.dataSource().getConnection();
        var statement = connection.createStatement()) {
      statement.execute("update llm_service_configs set sealed_api_key = 'v1.damaged'");
    }
    node.stored.look();
    assertThat(node.stored.locked()).containsKey("s");
  }

  @Test
  void ofARefusedImportNothingIsStored() throws Exception {
    var node = node("a".repeat(32));
    var exchange = new DefaultExchange(new DefaultCamelContext());
    var good = "{\"name\":\"s\",\"provider\":\"mock\"}";
    var text = "{'format':'%s','services':[%s,7],'settings':{'caravan.default-service':'s'}}";
    var document = text.replace('\'', '"').formatted(ConfigExport.FORMAT, good);
    exchange.getMessage().setBody(document.getBytes());
    var importer = new ConfigImport(node.live, node.stored, node.writer);
    assertThatThrownBy(() -> importer.bring(exchange)).hasMessageContaining("list of objects");
    assertThat(node.stored.all()).isEmpty();
    assertThat(node.live.layers().others()).isEmpty();
  }

  @Test
  void oneBadRowLosesOnlyItself() throws Exception {
    var node = node("a".repeat(32));
    node.stored.save("s", MOCK, null, 0);
    execute(
        node,
        "insert into imported_settings (name, setting) values ('caravan.retry.max-attempts', '0'),"
            + " ('caravan.default-service', 's'), ('caravan.model.a.strategy', 'luck'),"
            + " ('caravan.model.a.targets', 's~m')",
        "update llm_service_configs set settings = '{' where service_name = 's'");
    node.stored.save("t", MOCK, null, 0);
    node.stored.look();
    assertThat(node.service("t")).isNotNull();
    assertThat(node.live.layers().others())
        .containsOnlyKeys("caravan.default-service", "caravan.model.a.strategy");
    assertThat(node.stored.locked().get("s")).contains("damaged").contains("DELETE");
    node.stored.remove("s", 1);
    assertThat(node.stored.all()).containsOnlyKeys("t");
    bring(node, "'caravan.default-model':'t~m'");
    assertThat(node.stored.isLeftOut("caravan.retry.max-attempts")).as("is kept").isTrue();
    bring(node, "'caravan.model." + "a".repeat(500) + ".targets':'t~m'");
    assertThat(node.live.layers().others().keySet())
        .as("no column holds it")
        .allMatch(key -> key.length() <= 500);
    bring(node, "'caravan.retry.max-attempts':null,'caravan.default-model':null");
    assertThat(node.stored.isLeftOut("caravan.retry.max-attempts")).isFalse();
    assertThat(node.live.layers().others()).doesNotContainKey("caravan.default-model");
  }

  @Test
  void aTimeLimitThatMakesNoSenseLosesOnlyItselfUntilItIsRemoved() throws Exception {
    var node = node("a".repeat(32));
    node.stored.save("s", MOCK, null, 0);
    for (var limit : List.of("idle-timeout-sec", "connect-timeout-ms", "head-timeout-sec")) {
      var key = "caravan.limits." + limit;
      execute(node, "insert into imported_settings (name, setting) values ('" + key + "', 'abc')");
      var again = node("a".repeat(32));
      assertThat(again.service("s")).as(key).isNotNull();
      assertThat(again.stored.isLeftOut(key)).as(key).isTrue();
      take(again, ConfigImport.removing(key));
      assertThat(again.stored.isLeftOut(key)).as(key).isFalse();
      node.stored.look();
      assertThat(node.service("s")).as(key).isNotNull();
    }
  }

  @Test
  void aServiceWithNonsensicalSettingsIsToldOfAsADamagedOne() throws Exception {
    var node = node("a".repeat(32));
    var odd =
        Map.of(
            "a", "{\"provider\":\"nosuch\"}",
            "b", "{\"provider\":\"mock\",\"idle-timeout-sec\":\"abc\"}",
            "c", "{\"provider\":\"openai-compatible\",\"urls\":\"ftp://x\"}",
            "d", "{");
    for (var each : odd.entrySet()) {
      node.stored.save(each.getKey(), MOCK, null, 0);
      execute(
          node,
          "update llm_service_configs set settings = '%s' where service_name = '%s'"
              .formatted(each.getValue(), each.getKey()));
    }
    node.stored.look();
    var locked = new LockedServices(node.stored);
    for (var name : odd.keySet()) {
      assertThat(node.stored.locked().get(name)).contains("DELETE /llm/services/" + name);
      assertThatThrownBy(() -> locked.refuse(name + "~m"))
          .isInstanceOf(GatewayException.Unavailable.class)
          .hasMessageContaining("settings are damaged")
          .hasMessageContaining("DELETE /llm/services/" + name);
    }
    var refusals = new Refusals(Clock.systemUTC());
    assertThat(new Origins(node.live, node.stored, refusals).refused().findValuesAsText("service"))
        .containsExactly("a", "b", "c", "d");
    for (var name : odd.keySet()) node.stored.remove(name, 1);
    assertThat(node.stored.locked()).isEmpty();
    locked.refuse("a~m");
  }

  private static void bring(Node node, String settings) {
    var document = "{'format':'%s','services':[],'settings':{%s}}";
    take(node, document.formatted(ConfigExport.FORMAT, settings).replace('\'', '"'));
  }

  private static void take(Node node, String text) {
    var exchange = new DefaultExchange(new DefaultCamelContext());
    exchange.getMessage().setBody(text.getBytes());
    new ConfigImport(node.live, node.stored, node.writer).bring(exchange);
  }

  private static void execute(Node node, String... statements) throws Exception {
    try (var connection = node.database.dataSource().getConnection();
        var statement = connection.createStatement()) {
      for (var sql : statements) statement.execute(sql);
    }
  }

  @Test
  void aMasterKeyThatIsPutRightCountsSoon() throws Exception {
    var first = node(Map.of(), Clock.systemUTC(), null);
    first.stored.save("s", MOCK, "sk-secret", 0);
    stop();
    open.clear();
    var file = Path.of(url.url().replace("jdbc:h2:file:", "") + ".key");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    var now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    var node = node(Map.of(), new Moving(now), null);
    assertThat(node.stored.locked().get("s")).contains("chmod 600");
    long version = node.live.parts().catalog().services().version();
    now.set(now.get().plusSeconds(10));
    node.stored.look();
    assertThat(node.live.parts().catalog().services().version())
        .as("as long as it is locked nothing changes")
        .isEqualTo(version);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    node.stored.look();
    assertThat(node.service("s")).as("not asked for again at once").isNull();
    now.set(now.get().plusSeconds(10));
    node.stored.look();
    assertThat(node.service("s").apiKey()).isEqualTo("sk-secret");
    assertThat(node.stored.locked()).isEmpty();
  }

  @Test
  void withAWrongMasterKeyAServiceIsLeftOutAndKept() throws Exception {
    node("a".repeat(32)).stored.save("s", MOCK, "sk-secret", 0);
    stop();
    open.clear();
    var other = node("b".repeat(32));
    assertThat(other.service("s")).isNull();
    assertThat(other.stored.locked().get("s")).contains("master key");
    stop();
    open.clear();
    assertThat(node("a".repeat(32)).service("s").apiKey()).isEqualTo("sk-secret");
  }
}
