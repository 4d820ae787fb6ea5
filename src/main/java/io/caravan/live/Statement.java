package io.caravan.live;

import io.caravan.errors.GatewayException;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Something to do on the database for a client that waits. */
interface Statement {

  /** Does it, and says whether it could be done. */
  boolean execute() throws SQLException;

  /**
   * Does it.
   *
   * @throws GatewayException.Unavailable if the database fails
   */
  static boolean run(Statement statement) {
    Logger log = LoggerFactory.getLogger(Statement.class);
    try {
      return statement.execute();
    } catch (SQLException e) {
      log.error("The database failed", e);
      throw new GatewayException.Unavailable("The database failed; nothing was changed.", 10);
    }
  }
}
