package io.caravan.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VaultTest {

  private static final String ONE = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
  private static final String OTHER = "a passphrase of some length";

  @TempDir Path folder;
  private DatabaseUrl url;
  private Database database;
  private DataSource source;
  private Path file;

  @BeforeEach
  void open() throws Exception {
    url = TestDatabases.h2();
    database = new Database(url);
    source = DatabaseContractTest.open(database);
    file = folder.resolve("data").resolve("caravan.key");
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void opensWhatItSealed() throws Exception {
    var sealed = vault().seal("sk-secret", "service/a");
    assertThat(sealed).doesNotContain("secret");
    assertThat(vault().open(sealed, "service/a")).isEqualTo("sk-secret");
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void sealsForOneContextOnly() {
    var sealed = vault().seal("sk-secret", "service/a");
    for (var damaged : List.of(sealed.substring(0, sealed.length() - 3), "v1.???", "", "plain")) {
      assertThatThrownBy(() -> vault().open(damaged, "service/a"))
          .hasMessageContaining("service/a")
          .hasMessageContaining("Enter it again");
    }
    assertThatThrownBy(() -> vault().open(sealed, "service/b")).hasMessageContaining("service/b");
  }

  @Test
  void refusesAWrongMasterKeyAndKeepsAll() {
    var sealed = vault(ONE).seal("sk-secret", "a");
    assertThatThrownBy(() -> vault(OTHER).open(sealed, "a"))
        .hasMessageContaining("CARAVAN_SECRET_KEY is not the one of this database");
    assertThatThrownBy(() -> vault(OTHER).seal("x", "b"))
        .hasMessageContaining("Nothing was changed");
    assertThat(vault(ONE).open(sealed, "a")).isEqualTo("sk-secret");
  }

  @Test
  void makesNoKeyInPlaceOfALostOne() throws Exception {
    var sealed = vault().seal("sk-secret", "a");
    var kept = Files.readString(file);
    Files.delete(file);
    assertThatThrownBy(() -> vault().open(sealed, "a"))
        .hasMessageContaining("is lost")
        .hasMessageContaining("key-file")
        .hasMessageNotContaining(file.toString());
    assertThat(file).doesNotExist();
    Files.writeString(file, kept);
    assertThatThrownBy(() -> vault().open(sealed, "a"))
        .hasMessageContaining("chmod 600")
        .hasMessageNotContaining(file.toString());
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    assertThat(vault().open(sealed, "a")).isEqualTo("sk-secret");
  }

  @Test
  void rotatesTheFile() throws Exception {
    var vault = vault();
    var sealed = vault.seal("sk-secret", "a");
    var before = Files.readString(file);
    vault.rotate(false);
    assertThat(Files.readAllLines(file)).hasSize(2);
    assertThat(vault.open(sealed, "a")).isEqualTo("sk-secret");
    assertThat(vault().open(sealed, "a")).isEqualTo("sk-secret");
    Files.writeString(file, before);
    assertThatThrownBy(() -> vault().open(sealed, "a")).hasMessageContaining("is not the one");
  }

  @Test
  void opensWithTheKeyBeforeIfTheDatabaseHasNotTakenTheNewOne() {
    var sealed = vault().seal("sk-secret", "a");
    new MasterKey(List.of(), file).add();
    assertThat(vault().open(sealed, "a")).isEqualTo("sk-secret");
    assertThat(new MasterKey(List.of(), file).keys()).hasSize(1);
  }

  @Test
  void whatIsSyncedIsInTheFile() throws Exception {
    vault().seal("x", "a");
    vault().rotate(false);
    var wrapped = new VaultTable(source).read();
    assertThat(Files.readString(url.file(), StandardCharsets.ISO_8859_1)).contains(wrapped);
  }

  @Test
  void takesANewKeyOfTheEnvironmentBesideTheOldOne() {
    var sealed = vault(ONE).seal("sk-secret", "a");
    assertThat(vault(OTHER, ONE).open(sealed, "a")).isEqualTo("sk-secret");
    assertThat(vault(OTHER).open(sealed, "a")).isEqualTo("sk-secret");
    assertThatThrownBy(() -> vault(ONE).open(sealed, "a")).hasMessageContaining("is not the one");
  }

  @Test
  void beginsAnewOnlyIfTold() {
    var sealed = vault(ONE).seal("sk-secret", "a");
    assertThatThrownBy(() -> vault(OTHER).rotate(false)).hasMessageContaining("is not the one");
    vault(OTHER).rotate(true);
    assertThatThrownBy(() -> vault(OTHER).open(sealed, "a")).hasMessageContaining("Enter it again");
    assertThat(vault(OTHER).open(vault(OTHER).seal("new", "a"), "a")).isEqualTo("new");
  }

  @Test
  void opensWhatAnotherNodeSealedAfterItsRotation() {
    var one = vault(ONE);
    var other = vault(ONE);
    one.seal("x", "a");
    other.seal("x", "a");
    other.rotate(false);
    var sealed = other.seal("sk-secret", "a");
    assertThat(one.open(sealed, "a")).isEqualTo("sk-secret");
    one.rotate(false);
    assertThat(one.open(sealed, "a")).isEqualTo("sk-secret");
    assertThatThrownBy(() -> one.open(sealed, "b")).hasMessageContaining("Enter it again");
  }

  @Test
  void rotatesBeforeAnythingIsSealed() {
    vault().rotate(false);
    assertThat(vault().open(vault().seal("x", "a"), "a")).isEqualTo("x");
  }

  @Test
  void wantsALongKey() {
    assertThatThrownBy(() -> vault("short").seal("x", "a")).hasMessageContaining("openssl rand");
  }

  private Vault vault(String... given) {
    var master = new MasterKey(List.of(given), file);
    return new Vault(() -> source, master, Clock.systemUTC());
  }
}
