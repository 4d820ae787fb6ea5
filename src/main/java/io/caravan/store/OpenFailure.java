package io.caravan.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Set;

/**
 * Why the database cannot be opened, in words that say what to do, and whether it is worth trying
 * again. Nothing is ever made anew in place of data that cannot be read.
 *
 * @param message one sentence for the log and for callers
 * @param passing whether it may be different in a moment
 */
record OpenFailure(String message, boolean passing) {

  /** H2's codes: https://h2database.com/javadoc/org/h2/api/ErrorCode.html */
  private static final int ALREADY_OPEN = 90020;

  private static final Set<Integer> UNREADABLE = Set.of(90028, 90030, 90031, 90048, 50000);

  /** What is wrong with a file before H2 sees it, which would go on with less than there was. */
  static OpenFailure before(DatabaseUrl url) throws IOException {
    Path file = url.file();
    if (file == null || !Files.exists(file)) return null;
    if (Files.size(file) == 0) return damaged(url, "it is empty");
    return H2Header.hasLostItsEnd(file) ? damaged(url, "what was written last is missing") : null;
  }

  static OpenFailure of(DatabaseUrl url, Exception failure) {
    var cause = cause(failure);
    if (url.file() != null && cause instanceof SQLException sql) {
      if (sql.getErrorCode() == ALREADY_OPEN) return locked(url);
      boolean ours = Files.isReadable(url.file()) && Files.isWritable(url.file());
      if (ours && UNREADABLE.contains(sql.getErrorCode())) return damaged(url, "it cannot be read");
    }
    if (url.file() != null && !Files.isWritable(existing(url.file().getParent()))) {
      return new OpenFailure("The folder of the database " + url + " cannot be written.", true);
    }
    return new OpenFailure(
        "The database " + url + " cannot be used: " + firstLine(cause) + ".", true);
  }

  private static OpenFailure locked(DatabaseUrl url) {
    return new OpenFailure(
        "The database "
            + url
            + " is locked by another process, most likely another Caravan. Stop that one, or set"
            + " caravan.database.url.",
        true);
  }

  private static OpenFailure damaged(DatabaseUrl url, String what) {
    return new OpenFailure(
        "The database file "
            + url
            + " is damaged: "
            + what
            + ". It is left as it is; put a backup in its place, or move it away to begin anew,"
            + " and start Caravan again.",
        false);
  }

  private static Throwable cause(Throwable failure) {
    for (var each = failure; each != null; each = each.getCause()) {
      if (each instanceof SQLException) return each;
    }
    return failure;
  }

  private static Path existing(Path folder) {
    var path = folder;
    while (path.getParent() != null && !Files.exists(path)) path = path.getParent();
    return path;
  }

  private static String firstLine(Throwable cause) {
    var said = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    return said.lines().findFirst().orElse("").strip().replaceFirst("[.;:]+$", "");
  }
}
