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
    var models = folders(List.of(folder.resolve("absent"), folder)).models();
    assertThat(models).extracting(LocalModel::name).containsExactly("broken", "tinyembed");
    assertThat(models.get(0).state()).isEqualTo(LocalModel.State.ERROR);
    assertThat(models.get(0).error()).isEqualTo("not a GGUF file");
    assertThat(models.get(1).state()).hasToString("not loaded");
    assertThat(models.get(1).gguf().embeddingLength()).isEqualTo(128);
  }

  @Test
  void looksIntoAFileAgainOnlyWhenItChanged() throws IOException {
    var folders = folders(List.of(folder));
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

  @Test
  void linksThatLeadOutsideAreLeftOutUnlessTheyAreAllowed() throws IOException {
    var outside = Files.createDirectory(folder.resolve("outside"));
    var inside = Files.createDirectory(folder.resolve("inside"));
    Files.copy(Path.of("models/tinyembed-f16.gguf"), outside.resolve("secret.gguf"));
    Files.createSymbolicLink(inside.resolve("linked.gguf"), outside.resolve("secret.gguf"));
    assertThat(folders(List.of(inside)).models()).isEmpty();
    var following = new ModelFolders(List.of(inside), true, java.time.Clock.systemUTC());
    assertThat(following.models()).extracting(LocalModel::name).containsExactly("linked");
  }

  @Test
  void aFileThatIsBeingCopiedIsIncompleteUntilItStopsGrowing() throws IOException {
    var whole = Files.readAllBytes(Path.of("models/tinyembed-f16.gguf"));
    Files.write(folder.resolve("new.gguf"), java.util.Arrays.copyOf(whole, 500_000));
    var clock = new Ticking();
    clock.advance(java.time.Duration.ofMillis(System.currentTimeMillis()));
    var folders = new ModelFolders(List.of(folder), false, clock);
    assertThat(folders.models().get(0).state()).isEqualTo(LocalModel.State.INCOMPLETE);
    assertThat(folders.models().get(0).error()).contains("needs 945").contains("has 500000");
    clock.advance(java.time.Duration.ofSeconds(12));
    assertThat(folders.models().get(0).state()).isEqualTo(LocalModel.State.ERROR);
    Files.write(folder.resolve("new.gguf"), whole);
    assertThat(folders.models().get(0).state()).isEqualTo(LocalModel.State.NOT_LOADED);
  }

  @Test
  void aSplitModelIsOneModelAndSaysWhichPartIsMissing() throws IOException {
    var part = Path.of("models/tinyembed-f16.gguf");
    Files.copy(part, folder.resolve("big-q4_0-00001-of-00002.gguf"));
    var models = folders(List.of(folder)).models();
    assertThat(models).hasSize(1);
    assertThat(models.get(0).name()).isEqualTo("big");
    assertThat(models.get(0).loadable()).isFalse();
    assertThat(models.get(0).error()).isEqualTo("part 2 of 2 is missing");
    Files.copy(part, folder.resolve("big-q4_0-00002-of-00002.gguf"));
    assertThat(folders(List.of(folder)).models().get(0).error()).contains("one of 1 parts");
  }

  private static ModelFolders folders(List<Path> folders) {
    return new ModelFolders(folders, false, java.time.Clock.systemUTC());
  }
}
