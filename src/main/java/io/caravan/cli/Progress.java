package io.caravan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/** How far a job is: a bar that moves on a terminal, else a line now and then. */
final class Progress {

  private static final int WIDTH = 30;

  /** Without a terminal a line is written when so many more percent are done. */
  private static final int STEP = 10;

  private final String what;
  private final Screen screen;
  private String shown = "";
  private String step = "";

  /**
   * @param what stands before the bar
   */
  Progress(String what, Screen screen) {
    this.what = what;
    this.screen = screen;
  }

  /** Shows a job as {@code GET /jobs/{id}/events} tells it. */
  void show(JsonNode job) {
    if (screen.json()) {
      screen.json(job);
      return;
    }
    var line = line(job);
    if (screen.live()) {
      var rest = " ".repeat(Math.max(0, shown.length() - line.length()));
      screen.err().print("\r" + line + rest);
      screen.err().flush();
    } else if (!step(job).equals(step)) {
      screen.err().println(line);
    }
    shown = line;
    step = step(job);
  }

  /** Nothing more comes. */
  void end() {
    if (screen.live() && !shown.isEmpty()) screen.err().println();
  }

  private static String step(JsonNode job) {
    return percent(job.path("progress")) / STEP + stage(job);
  }

  private static String stage(JsonNode job) {
    var state = job.path("state").asText();
    var error = job.path("error").path("message").asText("");
    if (state.equals("queued") && !error.isEmpty()) return "waits to try again: " + error;
    var stage = job.path("progress").path("stage");
    return stage.isTextual() ? stage.asText() : state;
  }

  private String line(JsonNode job) {
    var progress = job.path("progress");
    var line = new StringBuilder(what).append("  ");
    int percent = percent(progress);
    if (percent >= 0) {
      int full = percent * WIDTH / 100;
      line.append('[').append("#".repeat(full)).append("-".repeat(WIDTH - full)).append("] ");
      line.append(String.format(Locale.ROOT, "%3d%%  ", percent));
    }
    line.append(bytes(progress));
    if (progress.path("eta").isNumber()) {
      line.append(progress.path("eta").asLong()).append(" s left  ");
    }
    return Screen.safe(line.append(stage(job)).toString());
  }

  /** A total of 100 is a share, not a size. */
  private static String bytes(JsonNode progress) {
    long total = progress.path("total").asLong();
    if (total <= 100) return "";
    long rate = progress.path("rate").asLong();
    return Screen.bytes(progress.path("done").asLong())
        + " of "
        + Screen.bytes(total)
        + (rate > 0 ? "  " + Screen.bytes(rate) + "/s  " : "  ");
  }

  private static int percent(JsonNode progress) {
    double total = progress.path("total").asDouble(0);
    if (total <= 0) return -1;
    return (int) Math.min(100, 100 * progress.path("done").asDouble() / total);
  }
}
