package io.caravan.settings;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.encoder.Encoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLTransientConnectionException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.slf4j.helpers.NOPMDCAdapter;

class LogLinesTest {

  private static final LocalDateTime TIME = LocalDateTime.of(2026, 11, 21, 7, 5, 9, 42_000_000);

  private final LoggerContext context = new LoggerContext();

  @Test
  void aLineHasTimeLevelClassAndWords() {
    assertThat(line(LogLines.whole(context), event("Model {} is loaded", null, "tinychat")))
        .isEqualTo(
            "2026-11-21T07:05:09.042 WARN  Example - Model tinychat is loaded%n".formatted());
  }

  @Test
  void theTraceOfAFailureFollows() {
    var failure = new IllegalStateException("full", new RuntimeException("disk"));
    assertThat(line(LogLines.whole(context), event("Not kept", failure)))
        .contains("Example - Not kept%n".formatted())
        .contains("java.lang.IllegalStateException: full")
        .contains("Caused by: java.lang.RuntimeException: disk")
        .contains("at io.caravan.settings.LogLinesTest.theTraceOfAFailureFollows");
  }

  @Test
  void aDatabaseThatIsAwayIsSaidInOneLine() {
    var failure = new IllegalStateException(new SQLTransientConnectionException("timed out"));
    assertThat(line(LogLines.whole(context), event("Not polled", failure)))
        .endsWith("Example - Not polled (no connection to the database)%n".formatted());
  }

  @Test
  void aBareLineHasItsWordsAlone() {
    assertThat(line(LogLines.bare(context), event("100 % {}", null, "served")))
        .isEqualTo("100 %% served%n".formatted());
  }

  private LoggingEvent event(String words, Throwable failure, Object... arguments) {
    context.setMDCAdapter(new NOPMDCAdapter());
    var logger = context.getLogger("io.caravan.settings.Example");
    var event = new LoggingEvent("test", logger, Level.WARN, words, failure, arguments);
    var millis = TIME.atZone(ZoneId.systemDefault()).toInstant().toEpochMilli();
    event.setTimeStamp(millis);
    return event;
  }

  private static String line(Encoder<ILoggingEvent> encoder, LoggingEvent event) {
    return new String(encoder.encode(event), StandardCharsets.UTF_8);
  }
}
