package io.caravan.discovery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.catalog.BaseUrl;
import io.caravan.catalog.Catalog;
import io.caravan.catalog.OwnAddress;
import io.caravan.catalog.Provider;
import io.caravan.catalog.Service;
import io.caravan.catalog.TimeLimits;
import io.caravan.json.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.Exchange;

/**
 * Services that run at the usual local ports and are not configured, for the operator to decide on.
 * What they are is told by their fingerprints.
 */
public final class Proposals {

  private static final Duration SHORT = Duration.ofSeconds(2);
  private static final TimeLimits LIMITS =
      new TimeLimits(Duration.ofMillis(500), SHORT, SHORT, SHORT, SHORT);

  private final Catalog catalog;
  private final List<Provider> providers;
  private final OwnAddress own;
  private final Set<String> hosts = new LinkedHashSet<>(List.of("127.0.0.1"));
  private final Map<String, ObjectNode> found = new LinkedHashMap<>();

  /**
   * @param providers whose usual installations are looked for
   * @param root the file system's root
   */
  public Proposals(Catalog catalog, List<Provider> providers, OwnAddress own, Path root) {
    this.catalog = catalog;
    this.providers = providers.stream().filter(Proposals::isLocal).toList();
    this.own = own;
    hosts.addAll(WindowsHost.addresses(root));
  }

  private static boolean isLocal(Provider provider) {
    var url = provider.defaultUrl();
    return url != null && BaseUrl.of(url).host().matches("127\\.0\\.0\\.1|localhost");
  }

  /** What there is to look at, each as a service that exists for the look only. */
  public List<Service> candidates() {
    var taken = new LinkedHashSet<String>();
    for (var service : catalog.services().all()) {
      if (Boolean.TRUE.equals(catalog.health(service).up())) taken.addAll(service.urls());
    }
    var candidates = new LinkedHashMap<String, Service>();
    for (var host : hosts) {
      for (var provider : providers) {
        var url = provider.defaultUrl().replaceFirst("//[^:/]+", "//" + host);
        if (taken.contains(url) || host.equals("127.0.0.1") && own.is(url)) continue;
        candidates.computeIfAbsent(url, each -> candidate(provider, each));
      }
    }
    synchronized (found) {
      found.keySet().retainAll(candidates.keySet());
    }
    return List.copyOf(candidates.values());
  }

  private static Service candidate(Provider provider, String url) {
    return Service.of("proposal", provider, List.of(url), null, Map.of(), LIMITS, true, true);
  }

  /** The paths by which the providers are told apart. */
  public List<String> paths(Exchange exchange) {
    exchange.setVariable(Identity.ANSWERS, new HashMap<String, String>());
    var paths = new TreeSet<String>();
    providers.forEach(provider -> paths.addAll(provider.listing().fingerprint().paths()));
    return List.copyOf(paths);
  }

  /** Notes what was found at the URL of the service in variable {@code service}. */
  @SuppressWarnings("unchecked")
  public void note(Exchange exchange) {
    var url = exchange.getVariable("service", Service.class).urls().get(0);
    var answers = (Map<String, String>) exchange.getVariable(Identity.ANSWERS, Map.class);
    var provider =
        providers.stream().filter(each -> each.listing().fingerprint().fits(answers)).findFirst();
    synchronized (found) {
      provider.ifPresentOrElse(one -> found.put(url, proposal(one, url)), () -> found.remove(url));
    }
  }

  private ObjectNode proposal(Provider provider, String url) {
    var name = provider.name();
    for (int i = 2; catalog.services().get(name) != null; i++) name = provider.name() + "-" + i;
    var proposal = Json.object().put("name", name).put("provider", provider.name());
    proposal.put("title", provider.title()).putArray("urls").add(url);
    return proposal;
  }

  /** All proposals now. */
  public JsonNode all() {
    var all = Json.array();
    synchronized (found) {
      new ArrayList<>(found.values()).forEach(all::add);
    }
    return all;
  }
}
