package io.caravan.settings;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy;
import java.io.File;
import java.util.Arrays;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rolls a log file each day and at a size, and keeps so many of the old ones; Logback itself counts
 * days and bytes, but no files.
 */
final class CountedBackups extends SizeAndTimeBasedRollingPolicy<ILoggingEvent> {

  private static final String DATE_AND_NUMBER = ".%d{yyyy-MM-dd}.%i";

  private final File file;
  private final Pattern backup;
  private final int most;

  /**
   * @param file the log file; the old ones have its name with a date and a number behind
   * @param most how many old ones are kept
   */
  CountedBackups(File file, int most) {
    this.file = file.getAbsoluteFile();
    this.most = most;
    backup = Pattern.compile(Pattern.quote(file.getName()) + "\\.(\\d{4}-\\d\\d-\\d\\d)\\.(\\d+)");
    setFileNamePattern(file + DATE_AND_NUMBER);
    setCleanHistoryOnStart(true);
  }

  @Override
  public void start() {
    super.start();
    removeSurplus();
  }

  @Override
  public void rollover() {
    super.rollover();
    removeSurplus();
  }

  private void removeSurplus() {
    var all = file.getParentFile().list((folder, name) -> backup.matcher(name).matches());
    if (all == null) return;
    Arrays.sort(all, Comparator.comparing(this::date).thenComparing(this::number));
    for (int i = 0; i < all.length - most; i++) new File(file.getParentFile(), all[i]).delete();
  }

  private String date(String name) {
    return matched(name).group(1);
  }

  private long number(String name) {
    return Long.parseLong(matched(name).group(2));
  }

  private Matcher matched(String name) {
    var matcher = backup.matcher(name);
    matcher.matches();
    return matcher;
  }
}
