package io.caravan.routing;

import io.caravan.errors.GatewayException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.BiFunction;

/** The targets that stand by behind those that a call is meant for. */
final class Fallbacks {

  private final BiFunction<String, Names, List<Target>> found;
  private final ModelFinder models;

  /**
   * @param found the targets that a name stands for, empty if none
   */
  Fallbacks(BiFunction<String, Names, List<Target>> found, ModelFinder models) {
    this.found = found;
    this.models = models;
  }

  /**
   * The same targets and behind them those that the request wishes for, then those of their
   * services, each once.
   *
   * @throws GatewayException.InvalidRequest if a name that the request wishes for leads nowhere
   * @throws GatewayException.Refused if the client's key does not open one of them
   */
  List<Target> behind(List<Target> targets, Wishes wishes, Rights rights, Names now) {
    var more = new ArrayList<Target>();
    if (wishes != null) wishes.fallbacks().forEach(name -> more.addAll(wished(name, rights, now)));
    for (var target : targets) {
      var fallback = now.fallbacks().get(target.service().name());
      if (fallback != null) more.addAll(named(fallback, rights, now));
    }
    if (more.isEmpty()) return targets;
    more.addAll(0, targets);
    return List.copyOf(new LinkedHashSet<>(more));
  }

  /**
   * The same where nobody lists the model: its service is asked all the same, if the name says
   * which, and may know it; then the others come.
   */
  List<Target> insteadOf(String unknown, Wishes wishes, Rights rights, Names now) {
    var untried = models.untried(unknown);
    var first = untried == null ? List.<Target>of() : rights.require(unknown, List.of(untried));
    return behind(first, wishes, rights, now);
  }

  /** The targets of these names, as far as they are open; one that leads nowhere is passed over. */
  List<Target> named(List<String> names, Rights rights, Names now) {
    var targets = new ArrayList<Target>();
    for (var name : names) {
      var known = found.apply(name, now);
      var untried = known.isEmpty() ? models.untried(name) : null;
      targets.addAll(rights.open(name, untried == null ? known : List.of(untried)));
    }
    return targets;
  }

  private List<Target> wished(String name, Rights rights, Names now) {
    var known = named(List.of(name), Rights.ALL, now);
    if (!known.isEmpty()) return rights.require(name, known);
    throw new GatewayException.InvalidRequest(
        "The fallback `%s` is not known. Name a model of GET /v1/models.".formatted(name),
        "fallbacks",
        "model_not_found");
  }
}
