package io.caravan.store;

import java.sql.SQLException;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What must outlive even a process that is killed at once. H2 writes what is committed up to half a
 * second later; were it to write at every commit, its file would grow a hundredfold, since it then
 * tidies nothing up. So it is told to write after the few changes that must not be lost.
 */
public final class Durable {

  private static final Logger LOG = LoggerFactory.getLogger(Durable.class);

  private Durable() {}

  /** Has all that is committed written to the disk; whether it certainly is. */
  public static boolean sync(DataSource source) {
    try (var connection = source.getConnection();
        var statement = connection.createStatement()) {
      if (connection.getMetaData().getDatabaseProductName().equals("H2"))
        statement.execute("checkpoint sync");
      return true;
    } catch (SQLException e) {
      LOG.warn("The database may lose its last change if it ends now: {}", e.getMessage());
      return false;
    }
  }
}
