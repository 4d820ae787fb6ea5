package io.caravan.local.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StopTextsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "a b c | x | a b c | false",
        "one STOP two | STOP | one  | true",
        "aab | ab | a | true",
        "STOPSTOP | STOP | '' | true",
        "one STO | STOP | one STO | false",
        "b then a | a,b | '' | true",
        "long and longer | longer,and l | 'long ' | true",
        "😀🚀 | 🚀 | 😀 | true",
        "😀🎉 | 🚀 | 😀🎉 | false",
      })
  void endsBeforeTheFirstOfThem(String text, String stops, String told, boolean found) {
    for (int size = 1; size < text.length(); size++) {
      var each = new StopTexts(List.of(stops.split(",")));
      var out = new StringBuilder();
      for (int at = 0; at < text.length() && !each.found(); at += size) {
        out.append(each.add(text.substring(at, Math.min(text.length(), at + size))));
      }
      assertThat(out.append(each.rest()).toString().strip()).isEqualTo(told.strip());
      assertThat(each.found()).isEqualTo(found);
    }
  }

  @Test
  void nothingIsKeptLongerThanItMustBe() {
    var stops = new StopTexts(List.of("###"));
    assertThat(stops.add("a#")).isEqualTo("a");
    assertThat(stops.add("#")).isEmpty();
    assertThat(stops.add("b")).isEqualTo("##b");
    assertThat(new StopTexts(List.of()).add("a")).isEqualTo("a");
  }
}
