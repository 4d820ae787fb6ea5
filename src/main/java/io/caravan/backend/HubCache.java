package io.caravan.backend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What Hugging Face's own tools have downloaded on this machine.
 *
 * @see <a href="https://huggingface.co/docs/huggingface_hub/guides/manage-cache">Its layout</a>
 */
record HubCache(Path folder) {

  private static final String PREFIX = "models--";

  /** The cache that the environment names, or the usual one. */
  static HubCache of(Map<String, String> environment) {
    var cache = environment.get("HF_HUB_CACHE");
    if (cache != null) return new HubCache(Path.of(cache));
    var home = environment.get("HF_HOME");
    if (home != null) return new HubCache(Path.of(home, "hub"));
    var user = System.getProperty("user.home");
    return new HubCache(Path.of(user, ".cache", "huggingface", "hub"));
  }

  /** The names of the models, {@code owner/name}. */
  List<String> models() {
    try (var entries = Files.list(folder)) {
      return entries
          .map(entry -> entry.getFileName().toString())
          .filter(name -> name.startsWith(PREFIX))
          .map(name -> name.substring(PREFIX.length()).replaceFirst("--", "/"))
          .sorted()
          .toList();
    } catch (IOException e) {
      return List.of(); // there is no cache
    }
  }
}
