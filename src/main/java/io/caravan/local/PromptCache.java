package io.caravan.local;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is kept on disk of prompts that were evaluated ahead: a folder for each model and engine,
 * with one file for each prompt. Bounded; the oldest go first. That a file cannot be written is
 * said in the log and harms nobody.
 */
final class PromptCache {

  private static final Logger LOG = LoggerFactory.getLogger(PromptCache.class);

  private final Path root;
  private final int maxEntries;
  private final long maxBytes;

  /**
   * @param root null for no cache
   */
  PromptCache(Path root, int maxEntries, long maxBytes) {
    this.root = root;
    this.maxEntries = maxEntries;
    this.maxBytes = maxBytes;
  }

  /** The folder of a model; another file of the same name has another one. Null for no cache. */
  Path folder(LocalModel model, String engine) {
    if (root == null) return null;
    var file = model.path().toFile();
    var version = Integer.toHexString(Long.hashCode(file.lastModified() ^ model.bytes()));
    return root.resolve(engine).resolve(model.stem() + "-" + version);
  }

  /** The name of a prompt's file, without its end. */
  static String key(ObjectNode prompt) {
    return java.util.UUID.nameUUIDFromBytes(io.caravan.json.Json.bytes(prompt)).toString();
  }

  /** The files of a model, the newest first. */
  List<Path> entries(LocalModel model, String engine) {
    var folder = folder(model, engine);
    if (folder == null) return List.of();
    return files(folder).sorted(Comparator.comparing(PromptCache::time).reversed()).toList();
  }

  /** Keeps a prompt; says whether it could. */
  boolean write(LocalModel model, String engine, String name, byte[] content) {
    var folder = folder(model, engine);
    if (folder == null) return false;
    try {
      Files.createDirectories(folder);
      var temporary = Files.createTempFile(folder, "new-", ".tmp");
      try {
        Files.write(temporary, content);
        Files.move(
            temporary, folder.resolve(name), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(temporary);
      }
      prune();
      return true;
    } catch (IOException e) {
      LOG.warn("A prompt could not be kept in the cache {}: {}", root, e.toString());
      return false;
    }
  }

  /** Deletes what is too much, the oldest first. */
  void prune() {
    if (root == null) return;
    var all = new ArrayList<>(files(root).sorted(Comparator.comparing(PromptCache::time)).toList());
    long bytes = all.stream().mapToLong(file -> file.toFile().length()).sum();
    while (!all.isEmpty() && (all.size() > maxEntries || bytes > maxBytes)) {
      var oldest = all.remove(0);
      bytes -= oldest.toFile().length();
      if (!oldest.toFile().delete()) LOG.warn("{} could not be deleted from the cache", oldest);
    }
  }

  private static Stream<Path> files(Path under) {
    try (var files = Files.walk(under)) {
      return files.filter(Files::isRegularFile).toList().stream();
    } catch (IOException | java.io.UncheckedIOException e) {
      return Stream.empty(); // not there, or not any more
    }
  }

  private static FileTime time(Path file) {
    return FileTime.fromMillis(file.toFile().lastModified());
  }
}
