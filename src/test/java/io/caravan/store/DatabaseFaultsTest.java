package io.caravan.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.errors.GatewayException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** A database that cannot be opened: said, and never made anew. */
class DatabaseFaultsTest {

  @Test
  void aFileThatAnotherUsesIsSaidAndTakenWhenItIsFree() throws Exception {
    var url = TestDatabases.h2();
    try (var second = new Database(url)) {
      try (var file = FileChannel.open(url.file(), CREATE, WRITE);
          var lock = file.lock()) {
        file.write(ByteBuffer.wrap("H:2".getBytes(UTF_8)));
        second.open();
        awaitMessage(second, "locked by another process");
      }
      Files.delete(url.file());
      until(second::isOpen);
    }
  }

  @Test
  void aDamagedFileIsLeftAsItIs() throws Exception {
    var url = TestDatabases.h2();
    try (var database = new Database(url)) {
      DatabaseContractTest.open(database);
    }
    var bytes = Files.readAllBytes(url.file());
    java.util.Arrays.fill(bytes, 0, bytes.length / 2, (byte) 'x');
    assertRefused(url, bytes);
  }

  @Test
  void soIsOneThatHasLostItsEnd() throws Exception {
    var url = TestDatabases.h2();
    try (var database = new Database(url)) {
      DatabaseContractTest.open(database);
    }
    var whole = Files.readAllBytes(url.file());
    var header = new String(whole, 0, 60, UTF_8);
    int newest = 4096 * Integer.parseInt(header.replaceFirst(".*?block:(\\w+).*", "$1"), 16);
    var cut = java.util.Arrays.copyOf(whole, newest);
    assertRefused(url, cut);
    assertRefused(url, java.util.Arrays.copyOf(cut, whole.length));
    Files.write(url.file(), whole);
    try (var database = new Database(url)) {
      DatabaseContractTest.open(database);
    }
  }

  @Test
  void soIsAnEmptyOneAndOneThatIsNone() throws Exception {
    for (var content : new String[] {"", "no database", "x".repeat(100_000)}) {
      var url = TestDatabases.h2();
      assertRefused(url, content.getBytes(UTF_8));
    }
  }

  @Test
  void aServerThatIsAwayIsSaidWithoutItsPassword() throws Exception {
    var url = new DatabaseUrl("postgresql://u:secret@127.0.0.1:1/none?password=secret", null, null);
    try (var database = new Database(url)) {
      database.open();
      awaitMessage(database, "127.0.0.1:1/none");
      assertThatThrownBy(database::dataSource).hasMessageNotContaining("secret");
    }
  }

  @Test
  void aServerThatIsAwayHoldsNobodyUpAtTheEnd() throws Exception {
    var database = new Database(new DatabaseUrl("postgresql://127.0.0.1:1/none", null, null));
    assertThat(database.isAway()).as("before anybody asked").isFalse();
    database.open();
    awaitMessage(database, "127.0.0.1:1/none");
    assertThat(database.isAway()).isTrue();
    assertThat(closing(database)).isLessThan(Duration.ofMillis(500));
  }

  @Test
  void norDoesOneThatSaysNothing() throws Exception {
    try (var silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      var url = "postgresql://127.0.0.1:" + silent.getLocalPort() + "/none";
      var database = new Database(new DatabaseUrl(url, null, null));
      database.open();
      try (var taken = silent.accept()) {
        assertThat(closing(database)).isLessThan(Duration.ofSeconds(2));
      }
    }
  }

  @Test
  void aUrlOfAnotherKindIsRefused() {
    assertThatThrownBy(() -> new DatabaseUrl("jdbc:mysql://h/d", null, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("caravan.database.url");
  }

  private static Duration closing(Database database) {
    long begun = System.nanoTime();
    database.close();
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  private static void assertRefused(DatabaseUrl url, byte[] content) throws Exception {
    Files.write(url.file(), content);
    try (var database = new Database(url)) {
      database.open();
      awaitMessage(database, "is damaged");
      assertThat(database.isOpen()).isFalse();
    }
    assertThat(Files.readAllBytes(url.file())).isEqualTo(content);
  }

  private static void awaitMessage(Database database, String part) {
    until(() -> !message(database).contains("being opened"));
    assertThat(message(database)).contains(part);
  }

  private static String message(Database database) {
    try {
      database.dataSource();
      return "open";
    } catch (GatewayException.Unavailable e) {
      return e.getMessage();
    }
  }

  private static void until(BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      LockSupport.parkNanos(5_000_000);
    }
  }
}
