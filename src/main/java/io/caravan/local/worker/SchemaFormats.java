package io.caravan.local.worker;

import java.util.Map;

/** The grammars of the texts that a schema's {@code format} may name. */
final class SchemaFormats {

  private static final String DAY =
      "(\"0\" [1-9] | \"1\" [0-9] | \"2\" [0-8])"; // the 28 that every month has

  private static final String DATE =
      "[1-9] [0-9]{3} \"-\" ((\"0\" [1-9] | \"1\" [0-2]) \"-\" "
          + DAY
          + " | (\"0\" [13-9] | \"1\" [0-2]) \"-\" (\"29\" | \"30\")"
          + " | (\"01\" | \"03\" | \"05\" | \"07\" | \"08\" | \"10\" | \"12\") \"-31\")";

  private static final String TIME =
      "([01] [0-9] | \"2\" [0-3]) \":\" [0-5] [0-9] \":\" [0-5] [0-9] (\".\" [0-9]{1,6})?"
          + " (\"Z\" | [-+] ([01] [0-9] | \"2\" [0-3]) \":\" [0-5] [0-9])";

  private static final String OCTET =
      "(\"25\" [0-5] | \"2\" [0-4] [0-9] | \"1\" [0-9]{2} | [1-9]? [0-9])";

  private static final String LABEL = "[a-z0-9] ([a-z0-9-]{0,30} [a-z0-9])?";

  private static final Map<String, String> GRAMMARS =
      Map.of(
          "date",
          DATE,
          "time",
          TIME,
          "date-time",
          DATE + " \"T\" " + TIME,
          "uuid",
          "[0-9a-f]{8} (\"-\" [0-9a-f]{4}){3} \"-\" [0-9a-f]{12}",
          "email",
          "[a-zA-Z0-9_+-]{1,30} (\".\" [a-zA-Z0-9_+-]{1,30})? \"@\" " + host(1),
          "hostname",
          host(0),
          "ipv4",
          OCTET + " (\".\" " + OCTET + "){3}");

  private SchemaFormats() {}

  /**
   * The grammar of a format.
   *
   * @throws SchemaRefusal if there is none
   */
  static String grammar(String format) {
    var grammar = GRAMMARS.get(format);
    if (grammar == null) throw new SchemaRefusal("the 'format' '" + format + "'");
    return grammar;
  }

  private static String host(int dots) {
    return LABEL + " (\".\" " + LABEL + "){" + dots + ",4}";
  }
}
