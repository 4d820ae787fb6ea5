package io.caravan.store;

import io.caravan.settings.Configuration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Which database keeps what outlives the process, and who Caravan is to it.
 *
 * @param url a JDBC URL, or PostgreSQL's own form {@code postgresql://host/name}
 * @param user null for the URL's own, or none
 * @param password null for none
 */
public record DatabaseUrl(String url, String user, String password) {

  private static final String H2_FILE = "jdbc:h2:file:";

  /**
   * One process writes the file, which is closed by Caravan itself, after all else has stopped. Its
   * cache (in KB) need not be large: the data plane reads nothing from it. It is not compacted
   * while it closes, which can lose what was written (H2 2.x, h2database#4247).
   */
  private static final String H2_OPTIONS =
      ";DB_CLOSE_ON_EXIT=FALSE;CACHE_SIZE=2048;MAX_COMPACT_TIME=0";

  public DatabaseUrl {
    if (url.startsWith("postgres://")) url = url.replaceFirst("postgres", "postgresql");
    if (url.startsWith("postgresql://")) url = "jdbc:" + url;
    if (!url.matches("jdbc:(h2|postgresql):.+")) {
      throw new IllegalArgumentException(
          "caravan.database.url must begin with jdbc:h2: or jdbc:postgresql:");
    }
  }

  /** The database that the settings name. */
  public static DatabaseUrl of(Configuration configuration) {
    return new DatabaseUrl(
        configuration.get("caravan.database.url", H2_FILE + "./data/caravan"),
        configuration.get("caravan.database.user"),
        configuration.get("caravan.database.password"));
  }

  boolean isPostgresql() {
    return url.startsWith("jdbc:postgresql:");
  }

  /** The file behind it, null if it is none. */
  Path file() {
    if (!url.toLowerCase(Locale.ROOT).startsWith(H2_FILE)) return null;
    var path = url.substring(H2_FILE.length()).replaceFirst(";.*", "");
    return Path.of(path.replaceFirst("^~", System.getProperty("user.home")) + ".mv.db")
        .toAbsolutePath()
        .normalize();
  }

  /** Whether a file is to be made. */
  boolean isNewFile() {
    return file() != null && !Files.exists(file());
  }

  /** Whether one process at a time can have it open. */
  public boolean isExclusive() {
    return file() != null && !url.toUpperCase(Locale.ROOT).contains("AUTO_SERVER=TRUE");
  }

  /** For the driver. */
  String jdbc() {
    return file() == null ? url : url + H2_OPTIONS;
  }

  /** For people: where it is, without a user or a password that the URL may hold. */
  @Override
  public String toString() {
    if (file() != null) return file().toString();
    return url.replaceFirst("[?;].*", "").replaceFirst("//[^/@]*@", "//");
  }
}
