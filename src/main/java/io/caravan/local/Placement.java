package io.caravan.local;

/**
 * Where a model runs.
 *
 * @param engine {@code jllama} or {@code llama-server}
 * @param device what computes: {@code CPU}, or the name of a graphics card
 * @param layersOnGpu how many layers were offloaded
 * @param layers how many layers could be, 0 if not told
 * @param reason why it is on the CPU, or null if it is not
 * @param slots requests that it generates at the same time
 * @param context tokens for each of them
 * @param threads processor cores that compute
 */
public record Placement(
    String engine,
    String device,
    int layersOnGpu,
    int layers,
    String reason,
    int slots,
    int context,
    int threads) {

  /** A device that the engine has not told of, and may never. */
  static final String UNKNOWN = "unknown (own library)";

  /** The same model, of which the engine said that a device has taken layers. */
  Placement offloaded(String to, int number, int of) {
    return new Placement(
        engine,
        number > 0 ? to : "CPU",
        number,
        of,
        number > 0
            ? null
            : isUnknown() ? "no layer was offloaded (caravan.local.gpu-layers)" : reason,
        slots,
        context,
        threads);
  }

  /** Whether nothing is known of the device by now. */
  boolean isUnknown() {
    return device.equals(UNKNOWN);
  }

  /** The same model, all of whose weights are in the processor's memory. */
  Placement onCpu() {
    var why = "the own library put the weights into the processor's memory";
    return new Placement(engine, "CPU", 0, layers, why, slots, context, threads);
  }

  /** The same model on the CPU for another reason. */
  Placement because(String other) {
    return new Placement(engine, device, layersOnGpu, layers, other, slots, context, threads);
  }
}
