package io.caravan.edge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BudgetTest {

  private static final long MB = 1 << 20;

  private final Budget budget = new Budget(10 * MB);

  @Test
  void largeBodiesShareIt() {
    var first = budget.share();
    var second = budget.share();
    assertThat(first.grow(6 * MB)).isTrue();
    assertThat(second.grow(3 * MB)).isTrue();
    assertThat(second.grow(5 * MB)).isFalse();
    second.release();
    assertThat(budget.share().grow(4 * MB)).isTrue();
  }

  @Test
  void oneAtATimeMayBeLargerThanAllOfIt() {
    var alone = budget.share();
    assertThat(alone.grow(30 * MB)).isTrue();
    assertThat(budget.share().grow(2 * MB)).isFalse();
    alone.release();
    assertThat(budget.share().grow(2 * MB)).isTrue();
  }

  @Test
  void amongManyTheEldestGetsThrough() {
    var eldest = budget.share();
    var other = budget.share();
    assertThat(eldest.grow(6 * MB)).isTrue();
    assertThat(other.grow(6 * MB)).isFalse();
    assertThat(eldest.grow(20 * MB)).isTrue();
    eldest.release();
    assertThat(other.grow(30 * MB)).isTrue();
  }

  @Test
  void smallBodiesAreNotCounted() {
    budget.share().grow(30 * MB);
    assertThat(budget.share().grow(MB)).isTrue();
  }
}
