package de.kherud.llama;

/**
 * The package-private natives of java-llama.cpp: the only way to send a {@code json_schema} and to
 * see which result is the last. A task belongs to the thread that reads it.
 */
public final class NativeTasks {

  private NativeTasks() {}

  /**
   * Queues a completion and returns its number.
   *
   * <p>A request that llama.cpp refuses is an {@linkplain #isRefusal exception}; one that is not
   * JSON ends the process.
   */
  public static int request(LlamaModel model, String json) {
    return model.requestCompletion(json);
  }

  /** The next piece of text. Blocks without limit. */
  public static LlamaOutput receive(LlamaModel model, int task) {
    return model.receiveCompletion(task);
  }

  public static boolean isLast(LlamaOutput output) {
    return output.stop;
  }

  /** Ends a task; only its reader may do so, for a reader inside {@code receive} never returns. */
  public static void cancel(LlamaModel model, int task) {
    model.cancelCompletion(task);
  }

  /** Forgets a task whose last piece was received. */
  public static void release(LlamaModel model, int task) {
    model.releaseTask(task);
  }

  /** Whether llama.cpp itself said no; its exception is package-private too. */
  public static boolean isRefusal(Throwable failure) {
    return failure instanceof LlamaException;
  }
}
