package io.caravan.access;

import java.util.List;

/** Which models a client's key opens. */
public final class Permissions {

  private Permissions() {}

  /**
   * Whether a model is open.
   *
   * @param alias the alias that leads to it, null if none does
   * @param model as its service knows it
   */
  public static boolean allow(Client.Limits limits, String alias, String service, String model) {
    if (limits.allowsAll()) return true;
    boolean open = limits.allowedServices().isEmpty() || limits.allowedServices().contains(service);
    var models = limits.allowedModels();
    return open
        && (models.isEmpty()
            || alias != null && isIn(models, alias)
            || isIn(models, service + "~" + model)
            || isIn(models, model));
  }

  private static boolean isIn(List<String> patterns, String name) {
    for (var pattern : patterns) {
      boolean any = pattern.endsWith("*");
      var start = any ? pattern.substring(0, pattern.length() - 1) : pattern;
      if (any ? name.startsWith(start) : name.equals(pattern)) return true;
    }
    return false;
  }
}
