package io.caravan.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.catalog.Providers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KameletFilesTest {

  private static final String KAMELET =
      """
      apiVersion: camel.apache.org/v1
      kind: Kamelet
      metadata:
        name: acme-sink
      spec:
        definition:
          title: Acme
        template:
          from:
            uri: kamelet:source
            steps:
              - setBody: { constant: ANSWER }
      """;

  @TempDir Path folder;

  private final DefaultCamelContext context = new DefaultCamelContext();
  private KameletVersions files;
  private KameletFolders folders;

  @BeforeEach
  void start() {
    context.start();
    files = new KameletVersions(context);
    folders = new KameletFolders(new Providers(List.of(folder)));
  }

  @AfterEach
  void stop() {
    context.stop();
  }

  @Test
  void eachVersionAnswersForItself() throws IOException {
    var first = files.load("acme", file(KAMELET.replace("ANSWER", "one"))).template();
    var second = files.load("acme", file(KAMELET.replace("ANSWER", "two"))).template();
    assertThat(first).isNotEqualTo(second);
    assertThat(answer(first)).isEqualTo("one");
    assertThat(answer(second)).isEqualTo("two");
    assertThat(answer(first)).isEqualTo("one");
  }

  @Test
  void onlySoManyTemplatesAreKept() throws IOException {
    for (int i = 0; i < 40; i++) files.load("acme", file(KAMELET));
    assertThat(context.getRouteTemplateDefinitions()).hasSizeLessThanOrEqualTo(12);
  }

  @Test
  void whatIsWrongIsRefusedWithLineAndReason() throws IOException {
    refused(KAMELET.replace("setBody", "setBodi"), "line 12", "setBodi", "acme-sink.kamelet.yaml");
    refused(
        KAMELET.replace("acme-sink", "other-sink"), "line 4", "metadata.name must be acme-sink");
    refused(KAMELET.replace("kind: Kamelet", "kind: Route"), "line 2", "kind");
    refused(KAMELET.replace("template:", "tample:"), "line 5", "spec.template");
    refused(KAMELET.replace("title: Acme", "title: [Acme"), "line 8");
    refused("just text", "line 1");
    refused("", "line 1");
    var capable = "  annotations:\n    caravan/capabilities: Flying\nspec:";
    refused(KAMELET.replace("spec:", capable), "line 6", "'Flying'");
    refused(
        KAMELET.replace("spec:", "  annotations:\n    caravan/dialect: klingon\nspec:"), "line 6");
    var step = "- setBody: { constant: ANSWER }";
    refused(KAMELET.replace(step, "- to: direct:nowhere"), "line 12", "no route direct:nowhere");
    refused(
        KAMELET.replace(step, "- to: { uri: direct, parameters: { name: nowhere } }"),
        "line 12",
        "direct:nowhere");
    refused(KAMELET.replace(step, "- wireTap: { uri: 'seda:off?size=1' }"), "seda:off");
    var bean = "  template:\n    beans: [{ name: d, type: io.caravan.dialect.NoDialect }]";
    refused(
        KAMELET.replace("  template:", bean), "line 9", "no class io.caravan.dialect.NoDialect");
    files.load("acme", file(KAMELET.replace(step, "- toD: 'direct:${variable.x}'")));
    Files.write(folder.resolve("acme-sink.kamelet.yaml"), new byte[] {'k', (byte) 0xff});
    var file = folder.resolve("acme-sink.kamelet.yaml");
    assertThatThrownBy(() -> files.load("acme", file)).hasMessage("it is not UTF-8");
  }

  private void refused(String text, String... reasons) throws IOException {
    var file = file(text);
    assertThatThrownBy(() -> files.load("acme", file))
        .isInstanceOf(IllegalArgumentException.class)
        .satisfies(e -> assertThat(e.getMessage()).contains(reasons));
  }

  @Test
  void aFileIsTakenWhenNobodyWritesToItAnyMore() throws IOException {
    assertThat(folders.changed()).isEmpty();
    var file = file(KAMELET);
    assertThat(folders.changed()).as("just seen").isEmpty();
    assertThat(folders.changed()).containsEntry("acme", file);
    assertThat(folders.changed()).isEmpty();
    Files.setLastModifiedTime(file, FileTime.fromMillis(1));
    assertThat(folders.changed()).isEmpty();
    assertThat(folders.changed()).containsKey("acme");
    Files.delete(file);
    folders.changed();
    assertThat(folders.changed()).containsEntry("acme", null);
  }

  @Test
  void aLineIsFoundByWhatCamelDoesNotKnow() {
    assertThat(KameletLine.in("a\n  template:\n    to: foo:x", "no endpoint for: foo://x"))
        .startsWith("line 3: ");
    assertThat(KameletLine.in("a\n  template:\n  - type: \"#class:a.b.C\"", "class a.b.C missing"))
        .startsWith("line 3: ");
    assertThat(KameletLine.in("a\n  template:\n", "something else")).startsWith("line 2: ");
    assertThat(KameletLine.in("a", "wrong, line 7")).isEqualTo("wrong, line 7");
  }

  private String answer(String template) {
    return context
        .createProducerTemplate()
        .requestBody("kamelet:" + template + "/service-acme-" + template, "", String.class);
  }

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("acme-sink.kamelet.yaml"), text);
  }
}
