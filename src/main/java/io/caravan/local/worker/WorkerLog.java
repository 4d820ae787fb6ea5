package io.caravan.local.worker;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import org.slf4j.LoggerFactory;

/** A worker logs problems only, to standard error: its standard output is for the gateway. */
final class WorkerLog {

  private WorkerLog() {}

  static void toStandardError() {
    var root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    root.iteratorForAppenders().forEachRemaining(WorkerLog::turn);
  }

  private static void turn(Appender<ILoggingEvent> appender) {
    if (!(appender instanceof ConsoleAppender<ILoggingEvent> console)) return;
    console.stop();
    console.setTarget("System.err");
    console.start();
  }
}
