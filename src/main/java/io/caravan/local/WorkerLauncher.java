package io.caravan.local;

import java.util.concurrent.CompletionStage;

/** An engine: starts the processes in which models run. */
public interface WorkerLauncher {

  /** Starts a process for one model. Returns at once. */
  WorkerProcess launch(LocalModel model, LoadOptions options);

  /** Why this engine cannot run a model whose file is sound, or null. */
  default String refusal(LocalModel model) {
    return null;
  }

  /** The bytes of memory that a model takes, by estimate; 0 if there is none. */
  default long bytesNeeded(LocalModel model, LoadOptions options) {
    return 0;
  }

  /** One process, starting, running or ended. */
  interface WorkerProcess {

    /**
     * Completes when the model answers; fails with a {@link
     * io.caravan.errors.GatewayException.Unavailable} that says what kept it from loading.
     */
    CompletionStage<WorkerAddress> ready();

    /** Completes with the exit status when the process is gone and all that it said was heard. */
    CompletionStage<Integer> exited();

    /** Whether it was at work on a request when it was last heard of. */
    boolean working();

    /** Where the model runs, as far as is known by now. */
    Placement placement();

    /** The id of the process, 0 while there is none. */
    long pid();

    /** Asks the process to finish and end. */
    void end();

    /** Ends the process at once. */
    void kill();
  }
}
