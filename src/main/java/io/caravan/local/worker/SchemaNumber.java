package io.caravan.local.worker;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** The schema of a number: its bounds as whole numbers. */
final class SchemaNumber {

  private static final BigDecimal FARTHEST = BigDecimal.valueOf(GrammarNumber.FARTHEST);
  private static final BigDecimal WHOLE = BigDecimal.valueOf(GrammarNumber.FARTHEST_WHOLE);
  private static final BigDecimal BEYOND = WHOLE.add(BigDecimal.ONE);

  private final ObjectNode schema;

  SchemaNumber(ObjectNode schema) {
    this.schema = schema;
  }

  /**
   * The whole numbers from {@code minimum} to {@code maximum}; for a {@code number} also what is
   * between two whole numbers, from {@code after} to {@code before}.
   */
  ObjectNode rewrite(String type) {
    var out = Json.object().put("type", type);
    boolean bound = false;
    for (var name : SchemaTypes.BOUNDS) bound |= schema.has(name);
    if (!bound) return out;
    var reach = reach(type);
    var low = highest(bound("minimum"), bound("exclusiveMinimum"), reach.negate());
    var high = highest(negated("maximum"), negated("exclusiveMaximum"), reach.negate()).negate();
    if (low.compareTo(reach) > 0 || high.negate().compareTo(reach) > 0) {
      throw new SchemaRefusal("bounds of more than " + reach.precision() + " digits");
    }
    long after = low.setScale(0, RoundingMode.CEILING).longValue();
    long before = high.setScale(0, RoundingMode.FLOOR).longValue();
    long least = excludes("exclusiveMinimum", after) ? after + 1 : after;
    long most = excludes("exclusiveMaximum", before) ? before - 1 : before;
    boolean between = type.equals("number") && after < before;
    if (least > most && !between)
      throw new SchemaRefusal("bounds with no whole number between them");
    out.put("minimum", least).put("maximum", most);
    return type.equals("number") ? out.put("after", after).put("before", before) : out;
  }

  /** How far numbers may go: beyond what a double keeps only if they are whole and have to. */
  private BigDecimal reach(String type) {
    if (type.equals("number")) return FARTHEST;
    var low = highest(bound("minimum"), bound("exclusiveMinimum"), FARTHEST.negate());
    var high = highest(negated("maximum"), negated("exclusiveMaximum"), FARTHEST.negate());
    return low.compareTo(FARTHEST) >= 0 || high.compareTo(FARTHEST) >= 0 ? WHOLE : FARTHEST;
  }

  private boolean excludes(String name, long number) {
    var bound = bound(name);
    return bound != null && bound.compareTo(BigDecimal.valueOf(number)) == 0;
  }

  private BigDecimal bound(String name) {
    if (!schema.has(name)) return null;
    var value = schema.get(name);
    if (!value.isNumber()) throw new SchemaRefusal("'" + name + "' that is no number");
    // the double first: the digits of a number such as 1e999999999 would fill the memory
    double about = value.asDouble();
    if (Math.abs(about) < BEYOND.doubleValue()) return value.decimalValue();
    return about > 0 ? BEYOND : BEYOND.negate();
  }

  private BigDecimal negated(String name) {
    var bound = bound(name);
    return bound == null ? null : bound.negate();
  }

  private static BigDecimal highest(BigDecimal one, BigDecimal other, BigDecimal least) {
    var highest = least;
    if (one != null) highest = highest.max(one);
    return other == null ? highest : highest.max(other);
  }
}
