package io.caravan.routing;

import java.util.List;

/**
 * What one request says about its own dispatch. Exchange variable {@code wishes}.
 *
 * @param fallbacks names of models to try when the one asked for fails, best first
 * @param maxAttempts how often anything may be tried in all, 0 if it does not say
 */
public record Wishes(List<String> fallbacks, int maxAttempts) {

  /** Name of the exchange variable. */
  public static final String VARIABLE = "wishes";

  /** A request that says nothing. */
  public static final Wishes NONE = new Wishes(List.of(), 0);

  public Wishes {
    fallbacks = List.copyOf(fallbacks);
  }
}
