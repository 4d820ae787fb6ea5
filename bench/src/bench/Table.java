package bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A plain text table: the first column to the left, the others to the right. */
final class Table {

  private final List<String[]> rows = new ArrayList<>();

  Table(String... heads) {
    rows.add(heads);
  }

  /** Adds a row; a number in it has as many decimals as its size deserves. */
  void row(Object... cells) {
    var row = new String[cells.length];
    for (int i = 0; i < cells.length; i++) {
      row[i] = cells[i] instanceof Double number ? text(number) : cells[i].toString();
    }
    rows.add(row);
  }

  void print(String title) {
    System.out.println(title);
    for (var row : rows) {
      var line = new StringBuilder();
      for (int i = 0; i < row.length; i++) {
        var space = " ".repeat(width(i) - row[i].length());
        line.append("  ").append(i == 0 ? row[i] + space : space + row[i]);
      }
      System.out.println(line.toString().stripTrailing());
    }
    System.out.println();
  }

  static String text(double number) {
    if (Double.isNaN(number)) return "-";
    if (number == Math.rint(number)) return String.format(Locale.ROOT, "%,.0f", number);
    double size = Math.abs(number);
    return String.format(Locale.ROOT, size < 10 ? "%.2f" : size < 100 ? "%.1f" : "%,.0f", number);
  }

  private int width(int column) {
    return rows.stream().mapToInt(row -> row[column].length()).max().orElse(0);
  }
}
