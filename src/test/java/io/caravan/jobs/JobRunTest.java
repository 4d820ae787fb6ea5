package io.caravan.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.json.Json;
import java.time.Clock;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class JobRunTest {

  private static final Instant THEN = Instant.EPOCH;

  @Test
  void whatSucceededIsDoneToItsEnd() {
    var state = Job.State.RUNNING;
    var params = Json.object();
    var job =
        new Job("id", "install", params, state, null, null, THEN, THEN, null, null, 1, false, 0);
    var run = new JobRun(job, null, new JobFeed(), Clock.systemUTC());
    run.completed();
    assertThat(run.job().progress()).as("nothing was told").isNull();
    run.progress(Json.object().put("stage", "downloading").put("done", 200).put("total", 1000));
    run.completed();
    var progress = run.job().progress();
    assertThat(progress.path("done").asInt()).isEqualTo(1000);
    assertThat(progress.path("eta").asInt(-1)).isZero();
  }
}
