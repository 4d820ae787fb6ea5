package io.caravan.local;

import java.util.regex.Pattern;

/** What llama.cpp says, while it loads a model, of where the model goes. */
final class LoadLog {

  private static final Pattern OFFLOADED = Pattern.compile("offloaded (\\d+)/(\\d+) layers to GPU");
  private static final Pattern DEVICE = Pattern.compile("using device (.+?)(?: - \\d+ MiB free)?$");
  private static final Pattern BUFFER = Pattern.compile("\\s(\\S+) model buffer size");

  private volatile Placement placement;
  private String device = "GPU";

  /**
   * @param first where the model is as long as nothing was said
   */
  LoadLog(Placement first) {
    placement = first;
  }

  Placement placement() {
    return placement;
  }

  /** Whether the line told something. Called by one thread. */
  boolean read(String line) {
    var offloaded = OFFLOADED.matcher(line);
    var using = DEVICE.matcher(line);
    var buffer = BUFFER.matcher(line);
    if (offloaded.find()) {
      int layers = Integer.parseInt(offloaded.group(1));
      placement = placement.offloaded(device, layers, Integer.parseInt(offloaded.group(2)));
    } else if (using.find()) {
      device = using.group(1);
    } else if (line.contains("no usable GPU found")) {
      placement = placement.because("llama.cpp found no usable GPU");
    } else if (placement.isUnknown() && buffer.find()) {
      if (buffer.group(1).startsWith("CPU")) placement = placement.onCpu();
    } else {
      return false;
    }
    return true;
  }
}
