package io.caravan.store;

import io.caravan.errors.GatewayException;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of the vault on their way between database and memory: opened by the master key, sealed
 * by its next one, read again when another node has changed them. Methods may block.
 */
final class Keyring {

  private static final Logger LOG = LoggerFactory.getLogger(Keyring.class);
  private static final String REMEDY =
      " Nothing was changed. Put the right key back, or begin anew without the stored secrets:"
          + " POST /api/secrets/rotate with {\"forget\":true}.";

  private final Supplier<DataSource> source;
  private final MasterKey master;
  private final Clock clock;
  private volatile SealedKeys keys;
  private String row;

  /**
   * @param source the open database, or an exception that says why it is not
   */
  Keyring(Supplier<DataSource> source, MasterKey master, Clock clock) {
    this.source = source;
    this.master = master;
    this.clock = clock;
  }

  /** Reads the keys again if the database has others; whether it has. */
  synchronized boolean changedSince(SealedKeys present) {
    try {
      if (keys != present) return true;
      if (new VaultTable(source.get()).read().equals(row)) return false;
    } catch (SQLException e) {
      throw failed(e);
    }
    keys = null;
    return true;
  }

  /**
   * Changes the master key, if it is in a file, and the key that seals from now on; what was sealed
   * before still opens.
   *
   * @param forget whether to begin anew if the master key is lost or wrong: what was sealed before
   *     must then be entered again
   */
  synchronized void rotate(boolean forget) {
    try {
      var table = new VaultTable(source.get());
      if (table.read() == null) begin(table);
      var present = forget ? openedOrFresh(table) : opened(table, table.read());
      var before = table.read();
      var next = present.withNewKey();
      var newest = master.isGiven() ? master.keys().get(0) : master.add().get(0);
      var sealed = next.sealedBy(newest);
      if (!table.replace(before, sealed, clock.instant()))
        throw MasterKey.locked("Another node changed the master key just now.");
      if (table.isDurable()) master.settle();
      keys = next;
      row = sealed;
    } catch (GeneralSecurityException | SQLException e) {
      throw failed(e);
    }
  }

  private SealedKeys openedOrFresh(VaultTable table) throws GeneralSecurityException, SQLException {
    try {
      return opened(table, table.read());
    } catch (GatewayException.Conflict lost) {
      LOG.warn("The vault is begun anew; secrets that were sealed before must be entered again");
      return SealedKeys.fresh();
    }
  }

  /**
   * The keys that seal and open.
   *
   * @throws GatewayException.Conflict {@code secrets_locked} if the master key is lost or wrong
   */
  SealedKeys keys() {
    var present = keys;
    return present != null ? present : load();
  }

  private synchronized SealedKeys load() {
    if (keys != null) return keys;
    try {
      var table = new VaultTable(source.get());
      var sealed = table.read();
      if (sealed == null && (sealed = begin(table)) == null) sealed = table.read();
      keys = opened(table, sealed);
      row = table.read();
      return keys;
    } catch (GeneralSecurityException | SQLException e) {
      throw failed(e);
    }
  }

  private String begin(VaultTable table) throws GeneralSecurityException, SQLException {
    var candidates = master.keys();
    var newest = candidates.isEmpty() ? master.add().get(0) : candidates.get(0);
    var sealed = SealedKeys.fresh().sealedBy(newest);
    return table.insert(sealed, clock.instant()) ? sealed : null;
  }

  private SealedKeys opened(VaultTable table, String sealed) throws SQLException {
    List<byte[]> candidates = master.keys();
    if (candidates.isEmpty()) {
      throw MasterKey.locked(
          "The master key is lost: it is not in " + master.place() + "." + REMEDY);
    }
    for (int i = 0; i < candidates.size(); i++) {
      try {
        var opened = SealedKeys.open(sealed, candidates.get(i));
        if (i > 0) changed(table, sealed, opened, candidates.get(0));
        return opened;
      } catch (GeneralSecurityException e) {
        LOG.debug("Master key {} of {} does not open the vault", i + 1, candidates.size());
      }
    }
    throw MasterKey.locked(
        "The master key in " + master.place() + " is not the one of this database." + REMEDY);
  }

  /** An older key has opened it: from now on the newest one does. */
  private void changed(VaultTable table, String before, SealedKeys opened, byte[] newest)
      throws GeneralSecurityException, SQLException {
    if (!table.replace(before, opened.sealedBy(newest), clock.instant())) return;
    if (!table.isDurable()) return;
    master.settle();
    LOG.info("The master key has changed; the one before it is not needed any more");
  }

  private static GatewayException failed(Exception cause) {
    LOG.error("The vault cannot be used", cause);
    return new GatewayException.Unavailable("The stored secrets cannot be reached.", 10);
  }
}
