package io.caravan.files;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** What has come of a file so far, beside the place where the whole file will be. */
final class PartFile implements AutoCloseable {

  private final Path whole;
  private final Path part;
  private final Path note;

  PartFile(Path whole) {
    this.whole = whole;
    part = whole.resolveSibling(whole.getFileName() + ".part");
    note = whole.resolveSibling(whole.getFileName() + ".part.json");
  }

  Path path() {
    return part;
  }

  /** The tag of the version that the bytes are of, null if they are of no use for this source. */
  String tag(String source) throws IOException {
    var noted = Files.exists(part) ? Origin.read(note) : null;
    return noted != null && noted.source().equals(source) ? noted.tag() : null;
  }

  /** Whether the whole file that is there is the very version that a server has. */
  boolean isNoNews(String source, Remote remote) throws IOException {
    var origin = Files.exists(whole) ? Origin.read(Origin.note(whole)) : null;
    return origin != null
        && remote.tag() != null
        && origin.equals(new Origin(source, remote.tag()))
        && Files.size(whole) == remote.total()
        && !Files.exists(part); // an update that came to its last step, and no further
  }

  long size() throws IOException {
    return Files.exists(part) ? Files.size(part) : 0;
  }

  /** Begins a version anew. */
  void begin(String source, String tag) throws IOException {
    Files.deleteIfExists(part);
    new Origin(source, tag).write(note);
  }

  OutputStream append() throws IOException {
    return Files.newOutputStream(part, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** Puts the whole file into its place, in one step; the note of its origin is there before. */
  void finish() throws IOException {
    try (var channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    replace(note, Origin.note(whole));
    replace(part, whole);
  }

  private static void replace(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Takes a note away that has no bytes: the disk may have been full before they came. */
  @Override
  public void close() throws IOException {
    if (!Files.exists(part)) Files.deleteIfExists(note);
  }

  void delete() throws IOException {
    Files.deleteIfExists(part);
    Files.deleteIfExists(note);
  }
}
