package io.caravan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.json.Json;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a command reads and writes.
 *
 * @param in standard input
 * @param out what was asked for
 * @param err what happens meanwhile
 * @param live whether a line may be written over: it goes to a terminal
 * @param json whether answers are wanted as JSON
 */
record Screen(InputStream in, PrintStream out, PrintStream err, boolean live, boolean json) {

  void line(String text) {
    out.println(safe(text));
  }

  /** One JSON value on a line of its own. */
  void json(JsonNode value) {
    out.println(Json.text(value));
    out.flush();
  }

  /** Rows in columns, under their titles. */
  void table(List<String> titles, List<List<String>> rows) {
    var all = new ArrayList<List<String>>();
    all.add(titles);
    all.addAll(rows);
    var widths = new int[titles.size()];
    for (var row : all) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], safe(row.get(i)).length());
      }
    }
    for (var row : all) {
      var line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        var cell = safe(row.get(i));
        line.append(cell).append(" ".repeat(widths[i] - cell.length() + 2));
      }
      out.println(line.toString().stripTrailing());
    }
  }

  /** A service's words must not move the cursor or colour the terminal. */
  static String safe(String text) {
    return text.replaceAll("[\\p{Cntrl}&&[^\n\t]]", "");
  }

  /** A number of bytes for people; empty if it is not known. */
  static String bytes(long bytes) {
    if (bytes <= 0) return "";
    if (bytes < 1_000_000) return String.format(java.util.Locale.ROOT, "%.0f kB", bytes / 1e3);
    return bytes < 1_000_000_000
        ? String.format(java.util.Locale.ROOT, "%.0f MB", bytes / 1e6)
        : String.format(java.util.Locale.ROOT, "%.1f GB", bytes / 1e9);
  }
}
