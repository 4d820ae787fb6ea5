package io.caravan.routing;

import java.util.List;

/**
 * A name that an operator gives to models, {@code caravan.model.<name>.*}.
 *
 * @param targets model names, as the operator lists them
 * @param weights one for each target in the order of the list; empty if all weigh the same
 * @param prices one for each target in the order of the list, in any unit; empty if not told
 */
public record Alias(
    String name,
    List<String> targets,
    Strategy strategy,
    List<Double> weights,
    List<Double> prices) {

  public Alias {
    targets = List.copyOf(targets);
    weights = List.copyOf(weights);
    prices = List.copyOf(prices);
  }

  /** The weight of a target by its place in the list; 1 if none is told. */
  double weight(int place) {
    return place < weights.size() ? weights.get(place) : 1;
  }

  /** The price of a target by its place in the list; one that is not told is the highest. */
  double price(int place) {
    return place < prices.size() ? prices.get(place) : Double.MAX_VALUE;
  }
}
