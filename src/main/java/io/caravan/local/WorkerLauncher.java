package io.caravan.local;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Starts the processes in which models run. */
public interface WorkerLauncher {

  /** Starts a process for one model. Returns at once. */
  WorkerProcess launch(LocalModel model);

  /** One process, starting, running or ended. */
  interface WorkerProcess {

    /**
     * Completes when the model answers; fails with a {@link
     * io.caravan.errors.GatewayException.Unavailable} that says what kept it from loading.
     */
    CompletionStage<WorkerAddress> ready();

    /** Completes with the exit status when the process is gone. */
    CompletionStage<Integer> exited();

    /** When it served its last request; empty while it serves one. */
    Optional<Instant> idleSince();

    /** Asks the process to finish and end. */
    void end();

    /** Ends the process at once. */
    void kill();
  }
}
