package io.caravan.settings;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MaskedTest {

  @Test
  void showsLittle() {
    assertThat(Masked.of("sk-0123456789abcdef")).isEqualTo("sk-…f");
    assertThat(Masked.of("sk-short")).isEqualTo("…");
    assertThat(Masked.of("")).isNull();
    assertThat(Masked.of(null)).isNull();
  }

  @Test
  void knowsAMaskThatComesBack() {
    assertThat(Masked.isMask("sk-…f", "sk-0123456789abcdef")).isTrue();
    assertThat(Masked.isMask("sk-…f", "another one")).as("of another secret").isTrue();
    assertThat(Masked.isMask("sk-...f", "sk-0123456789abcdef")).as("written in ASCII").isTrue();
    assertThat(Masked.isMask("sk-one...and-more-of-it", null)).as("a key").isFalse();
    assertThat(Masked.isMask("********", "sk-0123456789abcdef")).isTrue();
    assertThat(Masked.isMask("sk-0123456789abcdef", "sk-0123456789abcdef")).isFalse();
    assertThat(Masked.isMask("", "sk-0123456789abcdef")).isFalse();
    assertThat(Masked.isMask(null, null)).isFalse();
  }
}
