package io.caravan.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the page is made of. */
class PageFilesTest {

  private static final Path FOLDER = Path.of("src/main/resources/web");
  private static final int MOST_BYTES = 200_000;

  /** What would turn data into markup or code, or fetch something from elsewhere. */
  private static final Pattern UNSAFE =
      Pattern.compile(
          "innerHTML|outerHTML|insertAdjacentHTML|document\\.write|\\beval\\(|new Function"
              + "|setTimeout\\(['\"`]|javascript:|\\sstyle=|\\son[a-z]+=\"|localStorage.*key|https?://(?!www\\.w3\\.org/2000/svg)");

  @Test
  void everyFileIsServedAndNoOther() throws IOException {
    assertThat(names()).containsExactlyInAnyOrderElementsOf(PageFiles.NAMES);
  }

  @Test
  void allOfItIsSmall() throws IOException {
    long bytes = 0;
    for (var name : names()) bytes += Files.size(FOLDER.resolve(name));
    assertThat(bytes).isLessThan(MOST_BYTES);
  }

  @Test
  void nothingInItIsUnsafeOrFromElsewhere() throws IOException {
    for (var name : names()) {
      var lines = Files.readAllLines(FOLDER.resolve(name));
      assertThat(lines).as(name).noneMatch(line -> UNSAFE.matcher(line).find());
    }
  }

  @Test
  void whatIsImportedIsThere() throws IOException {
    var imported = Pattern.compile("from '\\./([a-z]+\\.js)'|(?:src|href)=\"/web/([a-z.]+)\"");
    for (var name : names()) {
      imported
          .matcher(Files.readString(FOLDER.resolve(name)))
          .results()
          .map(found -> found.group(1) == null ? found.group(2) : found.group(1))
          .forEach(wanted -> assertThat(PageFiles.NAMES).as(name).contains(wanted));
    }
  }

  @Test
  void aVersionIsKnownByItsTag() {
    var file = PageFile.of("a.js", new byte[] {1});
    assertThat(file.etag()).matches("\"[0-9a-f]{24}\"");
    assertThat(PageFile.of("a.js", new byte[] {2}).etag()).isNotEqualTo(file.etag());
    assertThat(file.isAmong(file.etag())).isTrue();
    assertThat(file.isAmong("\"x\", W/" + file.etag())).isTrue();
    assertThat(file.isAmong("*")).isTrue();
    assertThat(file.isAmong("\"x\"")).isFalse();
    assertThat(file.isAmong(null)).isFalse();
  }

  private static List<String> names() throws IOException {
    try (var files = Files.list(FOLDER)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
