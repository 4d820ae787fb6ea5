package io.caravan.resilience;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;

/** A date in a header, in any of the three forms that a recipient must read (RFC 9110, 5.6.7). */
final class HttpDate {

  private static final DateTimeFormatter ASCTIME =
      DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.US);

  private HttpDate() {}

  /** The moment that a text names, null if it names none; the clock is for years of two digits. */
  static Instant read(String text, Clock clock) {
    for (var form : List.of(DateTimeFormatter.RFC_1123_DATE_TIME, rfc850(clock), ASCTIME)) {
      try {
        return form.withZone(ZoneOffset.UTC).parse(text, Instant::from);
      } catch (DateTimeException e) {
        continue; // another form then
      }
    }
    return null;
  }

  /** A year that would be more than fifty years ahead is the latest one past with its digits. */
  private static DateTimeFormatter rfc850(Clock clock) {
    var first = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).minusYears(49);
    return new DateTimeFormatterBuilder()
        .appendPattern("EEEE, dd-MMM-")
        .appendValueReduced(ChronoField.YEAR, 2, 2, first)
        .appendPattern(" HH:mm:ss 'GMT'")
        .toFormatter(Locale.US);
  }
}
