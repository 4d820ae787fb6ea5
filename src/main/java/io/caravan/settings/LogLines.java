package io.caravan.settings;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.CoreConstants;
import ch.qos.logback.core.LayoutBase;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import java.sql.SQLTransientConnectionException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/**
 * What a line of the log looks like: time, level, class, words, and below it the trace of a
 * failure. In code, because Logback's patterns are the dearest part of setting it up.
 */
final class LogLines extends LayoutBase<ILoggingEvent> {

  private static final String OUTAGE = " (no connection to the database)";

  private final boolean bare;

  private LogLines(boolean bare) {
    this.bare = bare;
  }

  /** Whole lines. */
  static Encoder<ILoggingEvent> whole(LoggerContext context) {
    return encoder(new LogLines(false), context);
  }

  /** The words alone. */
  static Encoder<ILoggingEvent> bare(LoggerContext context) {
    return encoder(new LogLines(true), context);
  }

  private static Encoder<ILoggingEvent> encoder(LogLines layout, LoggerContext context) {
    layout.setContext(context);
    layout.start();
    var encoder = new LayoutWrappingEncoder<ILoggingEvent>();
    encoder.setContext(context);
    encoder.setLayout(layout);
    encoder.start();
    return encoder;
  }

  @Override
  public String doLayout(ILoggingEvent event) {
    var words = event.getFormattedMessage() + CoreConstants.LINE_SEPARATOR;
    if (bare) return words;
    var logger = event.getLoggerName();
    var name = logger.substring(logger.lastIndexOf('.') + 1);
    var line = "%s %-5s %s - %s".formatted(time(event), event.getLevel(), name, words);
    var failure = event.getThrowableProxy();
    if (failure == null) return line;
    if (isOutage(failure)) return line.stripTrailing() + OUTAGE + CoreConstants.LINE_SEPARATOR;
    return line + ThrowableProxyUtil.asString(failure);
  }

  /**
   * No connection to the database: whoever asks for one says so, where it asked does not matter.
   */
  private static boolean isOutage(IThrowableProxy failure) {
    if (failure.getClassName().equals(SQLTransientConnectionException.class.getName())) return true;
    return failure.getCause() != null && isOutage(failure.getCause());
  }

  private static String time(ILoggingEvent event) {
    var time = Instant.ofEpochMilli(event.getTimeStamp());
    return Time.FORMAT.format(LocalDateTime.ofInstant(time, ZoneId.systemDefault()));
  }

  /** Made for the first line: most starts have none. */
  private static final class Time {
    static final DateTimeFormatter FORMAT =
        DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS");
  }
}
