package io.caravan.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BudgetTest {

  private static final int KB = 1 << 10;
  private static final long MB = 1 << 20;

  private final Budget budget = new Budget(16 * MB, 10 * MB, 0);

  @Test
  void largeBodiesShareAPart() {
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
    assertThat(budget.fits(30 * MB)).isTrue();
    assertThat(alone.grow(30 * MB)).isTrue();
    assertThat(budget.fits(2 * MB)).isFalse();
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
  void thousandsOfSmallBodiesAreBoundedTogether() {
    assertThat(held(5000, 2 * KB)).isEqualTo(5000);
    assertThat(held(5000, 25 * KB)).isBetween(50, 100);
  }

  @Test
  void smallerBodiesFindRoomBesideThoseThatFillIt() {
    held(5000, 10 * KB);
    assertThat(budget.fits(10 * KB)).isFalse();
    assertThat(held(500, KB)).isEqualTo(500);
  }

  @Test
  void smallBodiesFindRoomBesideLargeOnes() {
    budget.share().grow(30 * MB);
    assertThat(budget.share().grow(MB)).isTrue();
  }

  @Test
  void allOfItComesBack() {
    for (long size : new long[] {KB, MB, 3 * MB}) {
      var share = budget.share();
      for (long bytes = KB; bytes <= size; bytes += 100 * KB) share.grow(bytes);
      share.grow(size);
      share.release();
      share.release();
    }
    assertThat(budget.isEmpty()).isTrue();
  }

  @Test
  void whatIsNotCountedIsLetThrough() {
    var none = new Budget(0, 0, 16 * KB);
    assertThat(none.share().grow(16 * KB)).isTrue();
    assertThat(none.share().grow(17 * KB)).isFalse();
  }

  /** How many bodies of so many bytes are let in; the others are released. */
  private int held(int calls, int bytes) {
    return (int)
        IntStream.range(0, calls)
            .mapToObj(call -> budget.share())
            .filter(
                share -> {
                  boolean held = share.grow(bytes);
                  if (!held) share.release();
                  return held;
                })
            .count();
  }
}
