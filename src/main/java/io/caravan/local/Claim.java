package io.caravan.local;

/**
 * What a request wants of a model.
 *
 * @param wish how it is to be loaded, null if it is to be used as it is
 * @param slot whether it takes one of the slots in which the model generates
 */
record Claim(LoadOptions wish, boolean slot) {

  /** To have something generated. */
  static final Claim GENERATE = new Claim(null, true);

  /** To ask for what is answered beside the slots, such as tokens. */
  static final Claim ASIDE = new Claim(null, false);

  /** To have it loaded, and no more. */
  static Claim load(LoadOptions wish) {
    return new Claim(wish, false);
  }
}
