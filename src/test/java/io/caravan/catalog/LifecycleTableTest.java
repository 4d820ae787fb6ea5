package io.caravan.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The table in docs/model-lifecycle.md says what the Kamelets say. */
class LifecycleTableTest {

  private static final Path DOCS = Path.of("docs/model-lifecycle.md");
  private static final List<String> PROVIDERS =
      List.of(
          "ollama",
          "lmstudio",
          "localai",
          "cortex",
          "llama-server",
          "llamacpp",
          "jan",
          "gpt4all",
          "vllm",
          "instructlab",
          "openai",
          "anthropic");

  @Test
  void theTableIsTrue() throws IOException {
    var table = table();
    assertThat(Files.readString(DOCS)).as("should hold%n%s", table).contains(table);
  }

  private static String table() {
    var providers = new Providers(List.of());
    var read = PROVIDERS.stream().map(providers::read).toList();
    var rows = new StringBuilder("| |");
    read.forEach(provider -> rows.append(' ').append(provider.title()).append(" |"));
    rows.append("\n|---|").append("---|".repeat(read.size())).append('\n');
    for (var capability : Capability.values()) {
      rows.append("| ").append(capability).append(" |");
      read.forEach(
          provider -> rows.append(provider.capabilities().contains(capability) ? " yes |" : " |"));
      rows.append('\n');
    }
    rows.append("| goes on |");
    read.forEach(
        provider ->
            rows.append(provider.resumes().isEmpty() ? "" : " ")
                .append(String.join(", ", new TreeSet<>(provider.resumes())))
                .append(" |"));
    return rows.append('\n').toString();
  }
}
