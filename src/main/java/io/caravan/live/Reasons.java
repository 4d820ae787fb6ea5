package io.caravan.live;

/** Why something failed, in one line, without the names of classes that wrapped it. */
final class Reasons {

  private static final int LONGEST = 500;

  private Reasons() {}

  /** What the innermost cause that says anything says. */
  static String of(Throwable failure) {
    String said = null;
    for (var cause = failure; cause != null; cause = cause.getCause()) {
      if (cause.getMessage() != null) said = cause.getMessage();
    }
    if (said == null) said = failure.getClass().getSimpleName();
    var line = said.strip().replaceAll("\\s*\\n\\s*", " ");
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
  }
}
