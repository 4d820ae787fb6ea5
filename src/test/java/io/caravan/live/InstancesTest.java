package io.caravan.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.catalog.Service;
import io.caravan.catalog.TimeLimits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstancesTest {

  private static final String KAMELET =
      """
      apiVersion: camel.apache.org/v1
      kind: Kamelet
      metadata:
        name: acme-sink
      spec:
        definition:
          title: Acme
          properties:
            color: { default: red }
        template:
          from:
            uri: kamelet:source
            steps:
              - setBody: { constant: "{{color}}" }
      """;

  /** A clock that is moved by hand. */
  private static final class Hand extends Clock {
    private Instant now = Instant.EPOCH;

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  @TempDir Path folder;

  private final Hand clock = new Hand();
  private final DefaultCamelContext context = new DefaultCamelContext();
  private final Instances instances = new Instances(context, clock);
  private KameletVersions files;

  @BeforeEach
  void start() {
    context.start();
    files = new KameletVersions(context);
  }

  @AfterEach
  void stop() {
    context.stop();
  }

  private Service service(String kamelet, Map<String, String> properties) throws Exception {
    var file = Files.writeString(folder.resolve("acme-sink.kamelet.yaml"), kamelet);
    var provider = files.load("acme", file);
    var limit = Duration.ofSeconds(1);
    var limits = new TimeLimits(limit, limit, limit, limit, limit);
    return Service.of("s", provider, List.of(), null, properties, limits, true, true);
  }

  private String answer(Service service) {
    return context.createProducerTemplate().requestBody(service.endpoint(), "", String.class);
  }

  @Test
  void theFormerOneGoesWhenNobodyCanNeedItAnyMore() throws Exception {
    var first = instances.of(service(KAMELET, Map.of()), null);
    var second = instances.of(service(KAMELET, Map.of("color", "blue")), first);
    instances.retire(List.of(first), List.of(second));
    instances.sweep();
    assertThat(answer(first)).isEqualTo("red");
    assertThat(answer(second)).isEqualTo("blue");
    clock.now = clock.now.plus(Instances.GRACE).plusSeconds(1);
    instances.sweep();
    assertThat(context.getRoutes()).hasSize(1);
    assertThat(answer(second)).isEqualTo("blue");
    assertThat(answer(first)).as("one who comes too late is served all the same").isEqualTo("red");
  }

  @Test
  void theSameServiceKeepsItsInstance() throws Exception {
    var wanted = service(KAMELET, Map.of());
    var first = instances.of(wanted, null);
    assertThat(instances.of(wanted, first)).isEqualTo(first);
    assertThat(context.getRoutes()).hasSize(1);
  }

  @Test
  void oneThatCannotRunIsRefusedAndLeavesNothing() throws Exception {
    var wrong = service(KAMELET.replace("setBody: {", "to: { uri: 'nowhere:x' } #"), Map.of());
    assertThatThrownBy(() -> instances.of(wrong, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nowhere");
    assertThat(context.getRoutes()).isEmpty();
  }
}
