package io.caravan.local;

/**
 * What may differ from one load of a model to the next.
 *
 * @param context tokens for each request, 0 for what is configured
 * @param threads processor cores that compute, 0 for what is configured
 */
public record LoadOptions(int context, int threads) {

  /** Everything as it is configured. */
  public static final LoadOptions CONFIGURED = new LoadOptions(0, 0);

  LoadOptions withThreads(int number) {
    return new LoadOptions(context, number);
  }
}
