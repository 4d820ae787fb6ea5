package io.caravan.local;

import io.caravan.errors.GatewayException;
import java.util.Locale;

/** The memory that models may take, in bytes. */
public interface Memory {

  /** No limit at all. */
  Memory UNLIMITED =
      new Memory() {
        @Override
        public long available() {
          return Long.MAX_VALUE / 2;
        }

        @Override
        public long total() {
          return Long.MAX_VALUE / 2;
        }
      };

  /** What is free now. */
  long available();

  /** What could be free at best. */
  long total();

  /** How a model that does not fit is refused: for good, or for now. */
  static GatewayException refusal(LocalModel model, long need, long free, long total) {
    var message =
        "The model `%s` cannot be loaded: it needs about %s of memory, and %s of %s are free. Use a"
            + " smaller context (n_ctx, caravan.local.context) or a smaller quantisation%s.";
    boolean never = need > total;
    var text =
        message.formatted(
            model.name(), size(need), size(free), size(total), never ? "" : ", or unload others");
    return never
        ? new GatewayException.InvalidRequest(text, "model", "insufficient_memory")
        : new GatewayException.Unavailable(text, 30);
  }

  /** Bytes for people: {@code 512 MB}, {@code 3.2 GB}. */
  static String size(long bytes) {
    double mega = Math.max(0, bytes) / 1048576.0;
    return mega < 1024
        ? "%.0f MB".formatted(mega)
        : String.format(Locale.ROOT, "%.1f GB", mega / 1024);
  }
}
