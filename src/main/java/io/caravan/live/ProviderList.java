package io.caravan.live;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.access.Client;
import io.caravan.catalog.Capability;
import io.caravan.catalog.KameletFile;
import io.caravan.catalog.Providers;
import io.caravan.catalog.ServiceKeys;
import io.caravan.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.support.PluginHelper;

/** The providers with the forms of their services: {@code GET /llm/providers}. Reads files. */
public final class ProviderList {

  private final Providers providers;
  private final Refusals refusals;

  public ProviderList(Providers providers, Refusals refusals) {
    this.providers = providers;
    this.refusals = refusals;
  }

  /** Body of the answer: providers by name, and Kamelet files that are refused. */
  public byte[] list(Exchange exchange) throws Exception {
    var all = new TreeMap<String, ObjectNode>();
    for (var file : shipped(exchange.getContext())) all.put(file.name(), json(file, true));
    for (var folder : providers.folders()) {
      if (!Files.isDirectory(folder)) continue;
      try (var listed = Files.newDirectoryStream(folder, "*" + KameletFile.SUFFIX)) {
        for (var file : listed) {
          var name = file.getFileName().toString().replace(KameletFile.SUFFIX, "");
          droppedIn(name, Files.readAllBytes(file), all);
        }
      }
    }
    var list = Json.object().put("object", "list");
    all.values().forEach(list.putArray("data")::add);
    if (Client.of(exchange).isAdmin()) list.set("refused", refusals.json());
    return Json.bytes(list);
  }

  /** Only what is in force: a file that is refused, or was not looked at yet, is not shown. */
  private void droppedIn(String name, byte[] bytes, Map<String, ObjectNode> to) {
    var now = providers.now(name);
    if (now == null || now.shipped()) return;
    try {
      to.put(name, json(KameletFile.of(name, new String(bytes, StandardCharsets.UTF_8)), false));
    } catch (IllegalArgumentException changedForTheWorse) {
      to.put(name, Json.object().put("name", name).put("title", now.title()).put("shipped", false));
    }
  }

  private static List<KameletFile> shipped(CamelContext context) throws Exception {
    return PluginHelper.getPackageScanResourceResolver(context)
        .findResources("classpath:kamelets/*" + KameletFile.SUFFIX)
        .stream()
        .map(
            resource -> {
              var location = resource.getLocation();
              var name = location.substring(location.lastIndexOf('/') + 1);
              try (var in = resource.getInputStream()) {
                var text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                return KameletFile.of(name.replace(KameletFile.SUFFIX, ""), text);
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            })
        .toList();
  }

  private static ObjectNode json(KameletFile file, boolean shipped) {
    var provider = file.provider(shipped, "");
    var one = Json.object().put("name", provider.name()).put("title", provider.title());
    one.put("description", text(file.definition().get("description")));
    one.put("dialect", text(file.annotations().get("caravan/dialect"))).put("shipped", shipped);
    one.put("needs_key", provider.needsKey()).put("api_key_env_var", provider.keyVariable());
    one.put("needs_url", provider.needsUrl());
    var flags = one.putObject("capabilities");
    for (var each : Capability.values())
      flags.put(each.name(), provider.capabilities().contains(each));
    var required = file.definition().get("required") instanceof Collection<?> c ? c : List.of();
    var properties = one.putObject("properties");
    file.properties()
        .forEach(
            (name, schema) -> {
              boolean is = required.contains(name) || name.equals("apiKey") && provider.needsKey();
              property(properties.putObject(name.toString()), name.toString(), schema)
                  .put("required", is);
            });
    return one;
  }

  /**
   * A property as the Kamelet has it, and {@code field}: its name in {@code POST /llm/services}.
   */
  private static ObjectNode property(ObjectNode to, String name, Object schema) {
    if (schema instanceof Map<?, ?> map) {
      map.forEach(
          (key, value) -> {
            if (value instanceof Boolean flag) to.put(key.toString(), flag);
            else if (value instanceof Integer number) to.put(key.toString(), number);
            else if (value instanceof Collection<?> items) {
              var array = to.putArray(key.toString());
              items.forEach(item -> array.add(String.valueOf(item)));
            } else to.put(key.toString(), text(value));
          });
    }
    var own = ServiceRequest.field(ServiceKeys.setting(name));
    return to.put("field", name.equals("baseUrl") ? "urls" : own);
  }

  private static String text(Object value) {
    return value == null ? null : value.toString();
  }
}
