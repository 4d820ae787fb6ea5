package io.caravan.local.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SlotMemoryTest {

  private final SlotMemory memory = new SlotMemory(2, true);

  @Test
  void aPromptGoesWhereItsBeginningIs() {
    put(new int[] {1, 2, 3, 4});
    put(new int[] {9, 8, 7});
    var place = memory.take(new int[] {1, 2, 3, 4, 5});
    assertThat(place.known()).isEqualTo(4);
    assertThat(memory.take(new int[] {1, 2, 3, 4, 5}).number()).isNotEqualTo(place.number());
    assertThatThrownBy(() -> memory.take(new int[] {1})).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aFewCommonTokensAreNoReasonToLoseTheRest() {
    put(new int[] {1, 2, 3, 4, 5, 6});
    int held = memory.take(new int[] {1, 2, 3, 4, 5, 6, 7}).number();
    memory.giveBack(new SlotMemory.Place(held, 0), new int[] {1, 2, 3, 4, 5, 6, 7});
    assertThat(memory.take(new int[] {1, 20, 30, 40, 50}).number()).isNotEqualTo(held);
  }

  @Test
  void theLastTokenIsEvaluatedAgain() {
    put(new int[] {1, 2, 3});
    assertThat(memory.take(new int[] {1, 2, 3}).known()).isEqualTo(2);
  }

  @Test
  void withoutTheCacheNothingIsKnown() {
    var none = new SlotMemory(1, false);
    none.giveBack(none.take(new int[] {1, 2}), new int[] {1, 2});
    assertThat(none.take(new int[] {1, 2, 3}).known()).isZero();
  }

  @Test
  void stepsFollowTheSpeedOfTheModel() {
    var pace = new Pace(512);
    assertThat(pace.step()).isEqualTo(32);
    pace.took(32, 1_000_000);
    assertThat(pace.step()).isEqualTo(128);
    pace.took(128, 4_000_000);
    assertThat(pace.step()).isEqualTo(512);
    pace.took(512, 4_000_000_000L);
    assertThat(pace.step()).isEqualTo(51);
    pace.took(51, 40_000_000_000L);
    assertThat(pace.step()).isEqualTo(32);
  }

  private void put(int[] tokens) {
    memory.giveBack(memory.take(tokens), tokens);
  }
}
