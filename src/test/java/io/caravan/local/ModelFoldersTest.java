package io.caravan.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelFoldersTest {

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "tinychat-2m-q8_0, tinychat",
    "tinyembed-f16, tinyembed",
    "Meta-Llama-3.1-8B-Instruct-Q4_K_M, Meta-Llama-3.1-8B-Instruct",
    "mistral-7b-instruct-v0.2.Q4_K_M, mistral-7b-instruct-v0.2",
    "Mixtral-8x7B-IQ3_XXS, Mixtral",
    "qwen2.5-0.5b-Q8_0, qwen2.5",
    "model-UD-Q2_K_XL, model",
    "phi-2, phi-2",
    "q8_0, q8_0",
    "gemma-2b, gemma",
  })
  void shortensNames(String stem, String name) {
    assertThat(ShortNames.of(List.of(stem))).containsExactly(Map.entry(stem, name));
  }

  @Test
  void namesThatWouldCollideStayWhole() {
    assertThat(ShortNames.of(List.of("a-q4_0", "a-q8_0", "b-q8_0")))
        .containsOnly(
            Map.entry("a-q4_0", "a-q4_0"), Map.entry("a-q8_0", "a-q8_0"), Map.entry("b-q8_0", "b"));
  }

  @Test
  void listsModelsAndRefusedFiles() throws IOException {
    copy("tinyembed-f16.gguf", "tinyembed-f16.gguf");
    Files.writeString(folder.resolve("notes.txt"), "no model");
    Files.writeString(folder.resolve("broken.gguf"), "no model");
    Files.createDirectory(folder.resolve("folder.gguf"));
    var models = new ModelFolders(List.of(folder.resolve("absent"), folder)).models();
    assertThat(models).extracting(LocalModel::name).containsExactly("broken", "tinyembed");
    assertThat(models.get(0).state()).isEqualTo(LocalModel.State.ERROR);
    assertThat(models.get(0).error()).isEqualTo("not a GGUF file");
    assertThat(models.get(1).state()).hasToString("not loaded");
    assertThat(models.get(1).gguf().embeddingLength()).isEqualTo(128);
  }

  @Test
  void looksIntoAFileAgainOnlyWhenItChanged() throws IOException {
    var folders = new ModelFolders(List.of(folder));
    copy("tinyembed-f16.gguf", "m.gguf");
    var first = folders.models().get(0).gguf();
    assertThat(folders.models().get(0).gguf()).isSameAs(first);
    Files.delete(folder.resolve("m.gguf"));
    assertThat(folders.models()).isEmpty();
    copy("tinychat-2m-q8_0.gguf", "m.gguf");
    assertThat(folders.models().get(0).gguf().architecture()).isEqualTo("llama");
  }

  private void copy(String model, String as) throws IOException {
    Files.copy(Path.of("models", model), folder.resolve(as));
  }
}
