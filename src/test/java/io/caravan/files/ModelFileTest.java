package io.caravan.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.json.Json;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFileTest {

  private static final String HUB = "https://hub.example/";

  @TempDir Path folder;

  @Test
  void findsFilesOfHuggingFace() throws Exception {
    for (var name :
        List.of("o/r:q4.gguf", "o/r/q4.gguf", "hf.co/o/r/q4.gguf", "hf://o/r/q4.gguf")) {
      var file = ModelFile.of(wanted("{'model':'" + name + "'}"), HUB);
      assertThat(file.source()).hasToString("https://hub.example/o/r/resolve/main/q4.gguf");
      assertThat(file.name()).isEqualTo("q4.gguf");
    }
    var inside = ModelFile.of(wanted("{'model':'o/r:d/a+b.gguf','revision':'v 1'}"), HUB);
    assertThat(inside.source()).hasToString("https://hub.example/o/r/resolve/v%201/d/a%2Bb.gguf");
    assertThat(inside.name()).isEqualTo("a+b.gguf");
    var pull = ModelFile.of(wanted("{'model':'o/r:a.gguf','revision':'refs/pr/1'}"), HUB);
    assertThat(pull.source()).hasToString("https://hub.example/o/r/resolve/refs%2Fpr%2F1/a.gguf");
  }

  @Test
  void namesAFileAfterItsModelOrItsUrl() throws Exception {
    var url = "'url':'http://h/d/x.gguf?download=true'}";
    assertThat(ModelFile.of(wanted("{'model':'mine'," + url), HUB).name()).isEqualTo("mine.gguf");
    assertThat(ModelFile.of(wanted("{'model':'a/b:c'," + url), HUB).name()).isEqualTo("x.gguf");
    assertThat(ModelFile.of(wanted("{'model':'..'," + url), HUB).name()).isEqualTo("x.gguf");
  }

  @Test
  void refusesWhatIsNeither() {
    for (var wanted :
        List.of(
            "{'model':'llama3'}",
            "{'model':'o/r'}",
            "{'model':'o/r:../../x.gguf'}",
            "{'model':'x','url':'file:///etc/passwd'}",
            "{'model':'x','url':'http://user:pass@h/x.gguf'}",
            "{'model':'x','url':'http:// h/x.gguf'}",
            "{'model':'x','url':'http://h/a%00b.gguf'}",
            "{'model':'o/r:a\\u0000b.gguf'}")) {
      assertThatThrownBy(() -> ModelFile.of(wanted(wanted), HUB))
          .as(wanted)
          .isInstanceOf(InvalidRequest.class);
    }
  }

  @Test
  void aChosenNameHasToBeAFiles() {
    for (var name : List.of("my/own", "sub/dir/x", "../../evil", "..", "a:b", "a\\b")) {
      assertThatThrownBy(() -> ModelFile.check(name))
          .as(name)
          .isInstanceOfSatisfying(
              InvalidRequest.class, e -> assertThat(e.param()).isEqualTo("params.model_name"));
    }
    for (var name : List.of("mine", "Meine Größe 3", "v1.2 (q4)")) ModelFile.check(name);
  }

  @Test
  void linksDoNotLeadOutOfTheAllowedFolders() throws Exception {
    var allowed = new AllowedFolders(List.of(folder));
    var link =
        java.nio.file.Files.createSymbolicLink(folder.resolve("x.gguf"), Path.of("/etc/passwd"));
    assertThatThrownBy(() -> allowed.check(link.toString())).isInstanceOf(InvalidRequest.class);
    assertThatThrownBy(() -> allowed.check(folder + "/../x.gguf"))
        .isInstanceOf(InvalidRequest.class);
    assertThat(allowed.check(folder.resolve("new.gguf").toString())).isNotNull();
  }

  private static ObjectNode wanted(String json) throws Exception {
    return (ObjectNode) Json.read(json.replace('\'', '"'));
  }
}
