package io.caravan.files;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a file came from, as it is noted beside it.
 *
 * @param source its URL
 * @param tag what names that version of it, null if nothing does
 */
record Origin(String source, String tag) {

  /** The note beside a whole file. */
  static Path note(Path whole) {
    return whole.resolveSibling(whole.getFileName() + ".source.json");
  }

  /** What a note says; null if there is none. */
  static Origin read(Path note) throws IOException {
    if (!Files.exists(note)) return null;
    JsonNode noted = Json.read(Files.readAllBytes(note));
    return new Origin(noted.path("source").asText(), noted.path("tag").asText(null));
  }

  void write(Path note) throws IOException {
    Files.write(note, Json.bytes(Json.object().put("source", source).put("tag", tag)));
  }
}
