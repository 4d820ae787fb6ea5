package io.caravan.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A real GGUF model through its whole life, in the packaged gateway. */
class LocalJobsIT {

  private static final Path MODELS = Path.of("models").toAbsolutePath();

  @Test
  void importsLoadsUnloadsAndDeletes() throws Exception {
    Path file;
    try (var files = Files.list(MODELS)) {
      file = files.filter(each -> each.toString().contains("tinychat")).findFirst().orElseThrow();
    }
    var folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "models-");
    var launch =
        Launch.with(
            "caravan.service.local.enabled=true",
            "caravan.local.models=" + folder,
            "caravan.local.import-roots=" + MODELS);
    try (var gateway = launch.start()) {
      var jobs = new JobClient(gateway);
      var params = "{'model_name':'local~%s','path':'" + file + "','mode':'%s'}";
      jobs.run("import", params.formatted("linked", "link"), "succeeded");
      jobs.run("import", params.formatted("copied", "copy"), "succeeded");
      jobs.run("import", params.formatted("copied", "copy"), "succeeded"); // it is there
      jobs.run("import", params.formatted("linked", "link"), "succeeded");
      var other = Files.writeString(folder.resolve("other.gguf"), "GGUF, but another one");
      var another = "{'model_name':'local~copied','path':'" + other + "'}";
      var exists = jobs.run("import", another, "failed");
      assertThat(exists.path("error").path("code").asText()).isEqualTo("model_exists");
      Files.delete(other);
      for (var name : List.of("my/own", "sub/dir/x", "../../evil", ".hidden")) {
        var from = "'service_name':'local','model_name':'" + name + "',";
        for (var ask :
            List.of(
                "{'type':'install','params':{" + from + "'url':'http://127.0.0.1:9/a.gguf'}}",
                "{'type':'import','params':{" + from + "'path':'" + file + "'}}")) {
          var refused = jobs.ask(ask);
          assertThat(refused.status()).as(ask).isEqualTo(400);
          assertThat(refused.error().path("code").asText()).isEqualTo("invalid_value");
          assertThat(refused.error().path("param").asText()).isEqualTo("params.model_name");
        }
      }
      Await.until(
          "its other names",
          () -> gateway.client().get("/llm/models/local~copied").tree().hasNonNull("aliases"));
      var aliases = gateway.client().get("/llm/models/local~copied").tree().path("aliases");
      assertThat(aliases).doesNotHaveDuplicates();
      assertThat(Files.isSameFile(file, folder.resolve("linked.gguf"))).isTrue();
      assertThat(Files.size(folder.resolve("copied.gguf"))).isEqualTo(Files.size(file));

      jobs.run("load", "{'model_name':'local~copied'}", "succeeded");
      assertThat(gateway.client().chat("local~copied", "").status()).isEqualTo(200);
      jobs.run("unload", "{'model_name':'local~copied'}", "succeeded");
      jobs.run("delete", "{'model_name':'local~copied'}", "succeeded");
      jobs.run("delete", "{'model_name':'local~linked'}", "succeeded");
      jobs.run("delete", "{'model_name':'local~linked'}", "failed");
      assertThat(Files.exists(file)).isTrue();
      try (var left = Files.list(folder)) {
        assertThat(left).isEmpty();
      }
    }
  }
}
