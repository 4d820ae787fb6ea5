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
    return allowsService(limits, service) && allowsModel(limits, alias, service, model);
  }

  /** Whether the list of services opens one. */
  public static boolean allowsService(Client.Limits limits, String service) {
    return limits.allowedServices().isEmpty() || limits.allowedServices().contains(service);
  }

  /** The same of the list of models and a model, whatever the list of services says. */
  public static boolean allowsModel(
      Client.Limits limits, String alias, String service, String model) {
    var models = limits.allowedModels();
    return models.isEmpty()
        || alias != null && isIn(models, alias)
        || isIn(models, service + "~" + model)
        || isIn(models, model);
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
