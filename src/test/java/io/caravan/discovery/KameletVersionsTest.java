package io.caravan.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KameletVersionsTest {

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
  private final KameletVersions versions = new KameletVersions(context);

  @BeforeEach
  void start() {
    context.start();
  }

  @AfterEach
  void stop() {
    context.stop();
  }

  @Test
  void eachVersionAnswersForItself() throws IOException {
    var first = versions.load(file(KAMELET.replace("ANSWER", "one")));
    var second = versions.load(file(KAMELET.replace("ANSWER", "two")));
    assertThat(first).isNotEqualTo(second);
    assertThat(answer(first)).isEqualTo("one");
    assertThat(answer(second)).isEqualTo("two");
    assertThat(answer(first)).isEqualTo("one");
  }

  @Test
  void whatCamelDoesNotUnderstandIsRefusedWithFileLineAndReason() throws IOException {
    var wrong = file(KAMELET.replace("setBody", "setBodi"));
    assertThatThrownBy(() -> versions.load(wrong))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("acme-sink.kamelet.yaml")
        .hasMessageContaining("line 12")
        .hasMessageContaining("setBodi");
  }

  @Test
  void aNameThatIsNotTheFilesIsRefused() throws IOException {
    var wrong = file(KAMELET.replace("acme-sink", "other-sink"));
    assertThatThrownBy(() -> versions.load(wrong)).hasMessageContaining("must be acme-sink");
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
