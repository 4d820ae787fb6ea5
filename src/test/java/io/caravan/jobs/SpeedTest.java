package io.caravan.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException;
import io.caravan.errors.UpstreamError;
import io.caravan.json.Json;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SpeedTest {

  private long now;
  private final Clock clock =
      new Clock() {
        @Override
        public ZoneId getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
          return this;
        }

        @Override
        public Instant instant() {
          return Instant.ofEpochMilli(now);
        }
      };

  @Test
  void measuresWhatIsDoneInASecond() {
    var speed = new Speed(clock);
    assertThat(speed.progress(at(0, 1000)).path("rate").isNull()).isTrue();
    now = 1000;
    var progress = speed.progress(at(200, 1000));
    assertThat(progress.path("rate").asDouble()).isEqualTo(200);
    assertThat(progress.path("eta").asLong()).isEqualTo(4);
  }

  @Test
  void knowsNothingWithoutATotal() {
    var progress = new Speed(clock).progress(Json.object().put("stage", "pulling manifest"));
    assertThat(progress.toString())
        .isEqualTo(
            "{\"stage\":\"pulling manifest\",\"done\":null,\"total\":null,\"rate\":null,\"eta\":null}");
  }

  @Test
  void triesAgainWhatPassesByItself() {
    assertThat(Retry.isWorthIt(new GatewayException.Unreachable("x"))).isTrue();
    assertThat(Retry.isWorthIt(said(503, "busy"))).isTrue();
    assertThat(Retry.isWorthIt(said(502, "dial tcp: i/o timeout"))).isTrue();
    assertThat(Retry.isWorthIt(said(502, "pull model manifest: file does not exist"))).isFalse();
    assertThat(Retry.isWorthIt(said(404, "model not found"))).isFalse();
    assertThat(Retry.isWorthIt(new GatewayException.Conflict("x", "disk_full"))).isFalse();
    assertThat(Retry.pause(1).toSeconds()).isEqualTo(1);
    assertThat(Retry.pause(3).toSeconds()).isEqualTo(16);
    assertThat(Retry.pause(50).toSeconds()).isEqualTo(60);
  }

  private static GatewayException said(int status, String message) {
    return new GatewayException.UpstreamFailed(
        new UpstreamError(status, message, null, null, null, Map.of()));
  }

  private static ObjectNode at(long done, long total) {
    return Json.object().put("stage", "downloading").put("done", done).put("total", total);
  }
}
