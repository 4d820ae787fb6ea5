package bench;

import java.util.ArrayList;
import java.util.List;

/** The requirements, each beside what was measured. A figure that could not be taken is a miss. */
final class Verdicts {

  private final List<String> lines = new ArrayList<>();

  void atLeast(String name, double measured, double wanted, String unit) {
    add(measured >= wanted, name, measured, ">= " + Table.text(wanted) + unit, unit);
  }

  /** With the bare proxy's figure beside it, where the machine itself may be the limit. */
  void atMost(String name, double measured, double wanted, String unit, double bare) {
    var limit = "<= " + Table.text(wanted) + unit + "; bare proxy: " + Table.text(bare) + unit;
    add(measured <= wanted, name, measured, limit, unit);
  }

  void atMost(String name, double measured, double wanted, String unit) {
    add(measured <= wanted, name, measured, "<= " + Table.text(wanted) + unit, unit);
  }

  void exactly(String name, long measured, long wanted) {
    var verdict = measured == wanted ? "PASS" : "MISS";
    lines.add(String.format("%s %s: %d (wanted %d)", verdict, name, measured, wanted));
  }

  void failed(String name, String why) {
    lines.add("MISS " + name + ": " + why);
  }

  void skipped(String name, String why) {
    lines.add("SKIP " + name + ": " + why);
  }

  void print() {
    System.out.println("Requirements");
    lines.forEach(line -> System.out.println("  " + line));
  }

  private void add(boolean passed, String name, double measured, String wanted, String unit) {
    var figure = Double.isNaN(measured) ? "not measured" : Table.text(measured) + unit;
    lines.add((passed ? "PASS " : "MISS ") + name + ": " + figure + " (wanted " + wanted + ")");
  }
}
