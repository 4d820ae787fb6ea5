package io.caravan.store;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.StandardOpenOption.SYNC;
import static java.nio.file.StandardOpenOption.WRITE;

import io.caravan.errors.GatewayException;
import io.caravan.settings.Configuration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where the master key is: in the environment, or in a file that only its owner can read. It may be
 * several keys, the newest first: an older one is there while the master key is being changed.
 */
public final class MasterKey {

  /** The environment variable that holds it, as {@code openssl rand -base64 32} makes it. */
  public static final String VARIABLE = "CARAVAN_SECRET_KEY";

  /** The one before it, while it is being changed. */
  public static final String OLD_VARIABLE = "CARAVAN_SECRET_KEY_OLD";

  /** For people; its path is nobody's business who has only a client's key. */
  private static final String FILE =
      "the file of caravan.secrets.key-file (usually beside the database)";

  private static final int BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final List<String> given;
  private final Path file;

  /**
   * @param given keys of the environment, the newest first; empty for those of the file
   * @param file beside the database
   */
  MasterKey(List<String> given, Path file) {
    this.given = given;
    this.file = file;
  }

  /** The key that settings and environment name. */
  public static MasterKey of(Configuration configuration, Map<String, String> environment) {
    var given = new ArrayList<String>();
    for (var variable : List.of(VARIABLE, OLD_VARIABLE)) {
      var value = environment.get(variable);
      if (value != null && !value.isBlank()) given.add(value.strip());
    }
    var path = configuration.get("caravan.secrets.key-file");
    var database = DatabaseUrl.of(configuration).file();
    var usual = database == null ? Path.of("data", "caravan.key") : beside(database);
    return new MasterKey(given, path == null ? usual : Path.of(path));
  }

  private static Path beside(Path database) {
    var name = database.getFileName().toString().replaceFirst("\\.mv\\.db$", ".key");
    return database.resolveSibling(name);
  }

  /** Whether it comes from the environment, which this process cannot change. */
  boolean isGiven() {
    return !given.isEmpty();
  }

  /** Where it is looked for, for people. */
  String place() {
    return isGiven() ? "the environment variable " + VARIABLE : FILE;
  }

  /**
   * The keys that there are, the newest first; empty if there is none yet.
   *
   * @throws GatewayException if the file cannot be read, or others can read it too
   */
  List<byte[]> keys() {
    if (isGiven()) return given.stream().map(KeyText::bytes).toList();
    if (!Files.exists(file)) return List.of();
    try {
      requirePrivate();
      return Files.readAllLines(file).stream()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(line -> KeyText.bytes(line.strip()))
          .toList();
    } catch (IOException e) {
      throw locked("The master key cannot be read from " + FILE + ".");
    }
  }

  /** A new key in front of those that there are, in the file. */
  List<byte[]> add() {
    var fresh = new byte[BYTES];
    RANDOM.nextBytes(fresh);
    var all = new ArrayList<>(keys());
    all.add(0, fresh);
    write(all);
    return all;
  }

  /** Forgets all but the newest. */
  void settle() {
    if (!isGiven() && keys().size() > 1) write(keys().subList(0, 1));
  }

  private void write(List<byte[]> keys) {
    var text = new StringBuilder("# Caravan's master key. Keep a copy apart from the database.\n");
    keys.forEach(key -> text.append(Base64.getEncoder().encodeToString(key)).append('\n'));
    var part = file.resolveSibling(file.getFileName() + ".part");
    try {
      Files.createDirectories(part.toAbsolutePath().getParent());
      Files.deleteIfExists(part);
      createPrivate(part);
      Files.writeString(part, text, US_ASCII, WRITE, SYNC);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw locked("The master key cannot be written to " + FILE + ".");
    }
  }

  private static void createPrivate(Path path) throws IOException {
    var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    if (isPosix(path)) Files.createFile(path, mode);
    else Files.createFile(path);
  }

  private void requirePrivate() throws IOException {
    if (!isPosix(file)) return;
    var owners = Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    if (owners.containsAll(Files.getPosixFilePermissions(file))) return;
    throw locked("Others can read the master key: run chmod 600 on " + FILE + ".");
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  static GatewayException locked(String message) {
    return new GatewayException.Conflict(message, "secrets_locked");
  }
}
