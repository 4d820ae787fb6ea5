package io.caravan.live;

import io.caravan.catalog.Catalog;
import io.caravan.catalog.Service;
import io.caravan.catalog.ServiceSettings;
import io.caravan.inbound.PromptSize;
import io.caravan.resilience.BreakerSettings;
import io.caravan.resilience.Breakers;
import io.caravan.resilience.Gates;
import io.caravan.resilience.RuleBook;
import io.caravan.routing.Loads;
import io.caravan.routing.Names;
import io.caravan.routing.TargetChoice;
import io.caravan.settings.Configuration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/** What takes new settings over while calls run. */
public record LiveParts(
    Catalog catalog,
    TargetChoice choice,
    RuleBook rules,
    Gates gates,
    Breakers breakers,
    Loads loads) {

  /**
   * Looks whether all of them could take it.
   *
   * @throws IllegalArgumentException naming the key of a value that makes no sense
   */
  static Names check(Configuration configuration) {
    ServiceSettings.checkDefaults(configuration);
    RuleBook.checked(configuration);
    Gates.checked(configuration);
    BreakerSettings.of(configuration);
    PromptSize.most(configuration);
    return Names.of(configuration);
  }

  /** From now on this counts. Nothing in here fails. */
  void take(Configuration configuration, Names names, Collection<Service> services) {
    var isKept = isKept(services);
    rules.take(configuration);
    catalog.replace(services);
    choice.take(names);
    var known = services.stream().map(Service::name).toList();
    gates.take(configuration, known);
    breakers.take(configuration, isKept);
    loads.keep(isKept);
  }

  /** Whether what is known of a service's failures is still true: same provider, place and key. */
  private Predicate<String> isKept(Collection<Service> services) {
    Map<String, Service> after = new HashMap<>();
    services.forEach(service -> after.put(service.name(), service));
    Map<String, Service> before = new HashMap<>();
    catalog.services().all().forEach(service -> before.put(service.name(), service));
    return name -> {
      var old = before.get(name);
      var now = after.get(name);
      return old != null
          && now != null
          && old.provider().name().equals(now.provider().name())
          && old.urls().equals(now.urls())
          && Objects.equals(old.apiKey(), now.apiKey());
    };
  }
}
