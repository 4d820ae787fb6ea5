package io.caravan.live;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/** Tells when a file has changed and nobody is writing to it any more. */
final class WatchedFile {

  private Stamp taken;
  private Stamp seen;

  /** What tells two states of a file apart; a file that is not there has none. */
  private record Stamp(Path file, FileTime modified, long size, Object key) {}

  /** A file as it is now; null for none. */
  WatchedFile(Path file) {
    taken = stamp(file);
    seen = taken;
  }

  /** One of which nothing was taken yet. */
  static WatchedFile unseen() {
    return new WatchedFile(null);
  }

  /**
   * Whether it is another one than the last time that this was said, and as it was at the last
   * look: an editor may write a file in several steps.
   */
  boolean hasChanged(Path file) {
    var now = stamp(file);
    boolean still = equal(now, seen);
    seen = now;
    if (!still || equal(now, taken)) return false;
    taken = now;
    return true;
  }

  /** Counts as changed at the next look. */
  void again() {
    taken = null;
  }

  private static boolean equal(Stamp one, Stamp other) {
    return one == null ? other == null : one.equals(other);
  }

  private static Stamp stamp(Path file) {
    if (file == null) return null;
    try {
      var now = Files.readAttributes(file, BasicFileAttributes.class);
      return now.isRegularFile()
          ? new Stamp(file, now.lastModifiedTime(), now.size(), now.fileKey())
          : null;
    } catch (IOException absent) {
      return null;
    }
  }
}
