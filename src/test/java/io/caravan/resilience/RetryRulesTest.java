package io.caravan.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.resilience.RetryRules.Decision;
import io.caravan.resilience.RetryRules.Standing;
import java.time.Duration;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class RetryRulesTest {

  private static final Duration BACKOFF = Duration.ofMillis(200);

  /** The golden table: a failure, how the call stands, what follows. */
  @ParameterizedTest
  @CsvFileSource(resources = "/golden/retry-rules.csv", numLinesToSkip = 1)
  void followTheTable(
      String kind,
      Long retryAfterMillis,
      boolean hopeless,
      int here,
      int inAll,
      int maxHere,
      int maxInAll,
      long budgetMillis,
      boolean alternative,
      String expected) {
    var after = retryAfterMillis == null ? null : Duration.ofMillis(retryAfterMillis);
    var fault = new Fault(Fault.Kind.valueOf(kind.toUpperCase(Locale.ROOT)), after, hopeless);
    var standing =
        new Standing(here, inAll, maxHere, maxInAll, Duration.ofMillis(budgetMillis), alternative);
    assertThat(word(RetryRules.decide(fault, standing, BACKOFF))).isEqualTo(expected);
  }

  @Test
  void pausesGrowAndDiffer() {
    var random = new Random(3);
    for (int attempt = 1; attempt < 12; attempt++) {
      long longest = Math.min(5000, 200L << (attempt - 1));
      var pause = RetryRules.backoff(attempt, random);
      assertThat(pause.toMillis()).isBetween(longest / 2, longest * 3 / 2);
    }
    assertThat(RetryRules.backoff(1, random)).isNotEqualTo(RetryRules.backoff(1, random));
  }

  private static String word(Decision decision) {
    if (decision instanceof Decision.Again again) return "again " + again.pause().toMillis();
    return decision instanceof Decision.Next ? "next" : "give up";
  }
}
