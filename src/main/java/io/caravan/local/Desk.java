package io.caravan.local;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Where that is done which an event loop must not be held up by.
 *
 * @param looks reads folders and files; refuses what is too much
 * @param turns reads the machine's memory and starts processes; has one thing to do at a time
 */
record Desk(Executor looks, Executor turns) {

  private static final int WAITING = 1024;
  private static final int SECONDS_TO_KEEP = 10;

  /** Threads of its own, which do not keep the process from ending. */
  static Desk ofThreads() {
    return new Desk(thread("local-models-look"), thread("local-models-turn"));
  }

  private static Executor thread(String name) {
    var queue = new ArrayBlockingQueue<Runnable>(WAITING);
    var executor =
        new ThreadPoolExecutor(
            1,
            1,
            SECONDS_TO_KEEP,
            TimeUnit.SECONDS,
            queue,
            task -> {
              var thread = new Thread(task, name);
              thread.setDaemon(true);
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }
}
