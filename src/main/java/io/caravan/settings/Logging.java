package io.caravan.settings;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.spi.FilterReply;
import ch.qos.logback.core.util.FileSize;
import java.io.File;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets Logback up as {@code caravan.logging.*} says; in code, because XML takes a start's tenth.
 */
public final class Logging {

  private static final String PREFIX = "caravan.logging.";

  private static final String OWN = "io.caravan";

  private final Configuration configuration;
  private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();

  private Logging(Configuration configuration) {
    this.configuration = configuration;
  }

  /**
   * Replaces whatever is set up by the configured console and file.
   *
   * @throws IllegalArgumentException naming the key, if a value makes no sense
   */
  public static void configure(Configuration configuration) {
    new Logging(configuration).configure();
  }

  private void configure() {
    Level console = level("console-level");
    var file = configuration.get(PREFIX + "file");
    Level inFile = file == null ? Level.OFF : level("file-level");
    Level finest = console.toInt() < inFile.toInt() ? console : inFile;
    context.reset();
    var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.addAppender(console(console));
    if (file != null) root.addAppender(file(file, inFile));
    AccessLines.configure(context, configuration.get(PREFIX + "access", "off"));
    context.getLogger(OWN).setLevel(finest);
    root.setLevel(coarser(finest));
    // warns of columns without a time zone, which ours are not
    context
        .getLogger("com.github.kagkarlsson.scheduler.jdbc.AutodetectJdbcCustomization.utc_warning")
        .setLevel(Level.OFF);
    // it tells of a broken connection, with a trace, whose user tells of it as well
    context.getLogger("com.zaxxer.hikari.pool.ProxyConnection").setLevel(Level.ERROR);
    // Both report at level error what a call's own failure says better
    context.getLogger("io.vertx.core.net.impl.ConnectionBase").setLevel(Level.OFF);
    context.getLogger("io.vertx.ext.web.RoutingContext").setLevel(Level.OFF);
  }

  /** What libraries say is one step less important than what Caravan says. */
  private static Level coarser(Level level) {
    if (level == Level.TRACE) return Level.DEBUG;
    if (level == Level.DEBUG) return Level.INFO;
    return level == Level.INFO ? Level.WARN : level;
  }

  private Level level(String key) {
    var name = configuration.get(PREFIX + key, "info");
    Level level = Level.toLevel(name, null);
    if (level != null) return level;
    throw new IllegalArgumentException(
        PREFIX + key + " must be error, warn, info, debug, trace or off, but is " + name);
  }

  private Appender<ILoggingEvent> console(Level level) {
    var appender = new ConsoleAppender<ILoggingEvent>();
    appender.setTarget("System.err");
    return started(appender, level);
  }

  private Appender<ILoggingEvent> file(String file, Level level) {
    var appender = new RollingFileAppender<ILoggingEvent>();
    appender.setFile(file);
    long megabytes = (long) configuration.number(PREFIX + "max-size-mb", 10);
    if (megabytes < 1) throw new IllegalArgumentException(PREFIX + "max-size-mb must be 1 or more");
    long backups = (long) configuration.number(PREFIX + "max-backups", 5);
    var policy = new CountedBackups(new File(file), (int) backups);
    policy.setContext(context);
    policy.setParent(appender);
    policy.setMaxFileSize(new FileSize(megabytes * FileSize.MB_COEFFICIENT));
    policy.setMaxHistory((int) configuration.number(PREFIX + "max-age-days", 14));
    policy.start();
    appender.setRollingPolicy(policy);
    var started = started(appender, level);
    if (started.isStarted()) return started;
    throw new IllegalArgumentException(PREFIX + "file: " + file + " cannot be written");
  }

  private Appender<ILoggingEvent> started(
      OutputStreamAppender<ILoggingEvent> appender, Level level) {
    appender.setContext(context);
    appender.setEncoder(LogLines.whole(context));
    appender.addFilter(new Threshold(level));
    appender.start();
    return appender;
  }

  /**
   * Each appender has its own idea of what matters, of Caravan and, a step coarser, of libraries.
   */
  private static final class Threshold extends Filter<ILoggingEvent> {
    private final Level own;

    Threshold(Level own) {
      this.own = own;
    }

    @Override
    public FilterReply decide(ILoggingEvent event) {
      Level least = event.getLoggerName().startsWith(OWN) ? own : coarser(own);
      return event.getLevel().isGreaterOrEqual(least) ? FilterReply.NEUTRAL : FilterReply.DENY;
    }
  }
}
