package io.caravan.settings;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;

/** Where the lines of the access log go: standard output, by a queue, in the order of the calls. */
final class AccessLines {

  private static final int QUEUE = 4096;

  private AccessLines() {}

  /**
   * Sets the log up unless it is off.
   *
   * @param format {@code off}, {@code text} or {@code json}
   * @throws IllegalArgumentException naming the key, if the format is another one
   */
  static void configure(LoggerContext context, String format) {
    if (!format.matches("off|text|json")) {
      throw new IllegalArgumentException(
          "caravan.logging.access must be off, text or json, but is " + format);
    }
    if (format.equals("off")) return;
    var lines = new ConsoleAppender<ILoggingEvent>();
    lines.setContext(context);
    lines.setEncoder(LogLines.bare(context));
    lines.start();
    var logger = context.getLogger("io.caravan.access");
    logger.setAdditive(false);
    logger.setLevel(Level.INFO);
    logger.addAppender(queued(context, lines));
  }

  /** A slow reader costs lines, not calls. */
  private static AsyncAppender queued(LoggerContext context, ConsoleAppender<ILoggingEvent> lines) {
    var queue = new AsyncAppender();
    queue.setContext(context);
    queue.setQueueSize(QUEUE);
    queue.setDiscardingThreshold(0);
    queue.setNeverBlock(true);
    queue.addAppender(lines);
    queue.start();
    return queue;
  }
}
