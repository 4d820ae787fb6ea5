package io.caravan.settings;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.util.FileSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.helpers.NOPMDCAdapter;

class CountedBackupsTest {

  private static final String OTHER = "caravan.log.txt";

  @TempDir Path folder;

  private final LoggerContext context = new LoggerContext();

  @Test
  void keepsTheNewestOfThem() throws IOException {
    Files.writeString(folder.resolve(OTHER), "not a backup");
    for (int i = 8; i < 12; i++)
      Files.writeString(folder.resolve("caravan.log.2026-01-02." + i), "");
    var appender = appender(2);
    assertThat(files()).contains("caravan.log.2026-01-02.10", "caravan.log.2026-01-02.11", OTHER);
    assertThat(files()).hasSize(4);
    for (int i = 0; i < 100; i++) appender.doAppend(event("x".repeat(200)));
    appender.stop();
    assertThat(files()).contains("caravan.log", OTHER).hasSize(4);
    assertThat(files()).noneMatch(name -> name.contains("2026-01-02"));
  }

  @Test
  void keepsNoneIfNoneAreWanted() throws IOException {
    var appender = appender(0);
    for (int i = 0; i < 100; i++) appender.doAppend(event("x".repeat(200)));
    appender.stop();
    assertThat(files()).containsExactly("caravan.log");
    assertThat(folder.resolve("caravan.log")).isNotEmptyFile();
  }

  private RollingFileAppender<ILoggingEvent> appender(int most) {
    var file = folder.resolve("caravan.log").toFile();
    context.setMDCAdapter(new NOPMDCAdapter());
    var appender = new RollingFileAppender<ILoggingEvent>();
    appender.setContext(context);
    appender.setFile(file.getPath());
    var policy = new CountedBackups(file, most);
    policy.setContext(context);
    policy.setParent(appender);
    policy.setMaxFileSize(new FileSize(1024));
    policy.start();
    appender.setEncoder(LogLines.bare(context));
    appender.setRollingPolicy(policy);
    appender.start();
    return appender;
  }

  private LoggingEvent event(String text) {
    var logger = context.getLogger("test");
    return new LoggingEvent("test", logger, Level.INFO, text, null, null);
  }

  private Set<String> files() throws IOException {
    try (var list = Files.list(folder)) {
      return list.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    }
  }
}
