package io.caravan.files;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** What has come of a file so far, beside the place where the whole file will be. */
final class PartFile {

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
    if (!Files.exists(part) || !Files.exists(note)) return null;
    JsonNode noted = Json.read(Files.readAllBytes(note));
    return noted.path("source").asText().equals(source) ? noted.path("tag").asText(null) : null;
  }

  long size() throws IOException {
    return Files.exists(part) ? Files.size(part) : 0;
  }

  /** Begins a version anew. */
  void begin(String source, String tag) throws IOException {
    Files.deleteIfExists(part);
    Files.write(note, Json.bytes(Json.object().put("source", source).put("tag", tag)));
  }

  OutputStream append() throws IOException {
    return Files.newOutputStream(part, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** Puts the whole file into its place, in one step. */
  void finish() throws IOException {
    try (var channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Files.deleteIfExists(note);
  }

  void delete() throws IOException {
    Files.deleteIfExists(part);
    Files.deleteIfExists(note);
  }
}
