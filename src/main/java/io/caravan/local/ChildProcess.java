package io.caravan.local;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process that this one started and listens to. A thread of its own starts it and stays for as
 * long as it lives: nobody else waits for the start, and Linux' "signal me when my parent dies"
 * means the thread that started it, not the whole process.
 */
final class ChildProcess {

  /** The exit status of a process that could not be started. */
  static final int NOT_STARTED = -1;

  private static final Logger LOG = LoggerFactory.getLogger(ChildProcess.class);

  private final String name;
  private final ProcessBuilder builder;
  private final String greeting;
  private final Consumer<String> lines;
  private final CompletableFuture<Integer> exited = new CompletableFuture<>();
  private Process process;
  private boolean doomed;

  /**
   * @param greeting the first line of its standard input, which then stays open; may be empty
   * @param lines hears each line of its standard output
   */
  ChildProcess(String name, ProcessBuilder builder, String greeting, Consumer<String> lines) {
    this.name = name;
    this.builder = builder;
    this.greeting = greeting;
    this.lines = lines;
  }

  void start() {
    daemon("worker-" + name, this::live);
  }

  /** Completes when it is gone and its last line was heard; with its exit status. */
  CompletableFuture<Integer> exited() {
    return exited;
  }

  /** The id of the process, 0 if it has not begun. */
  synchronized long pid() {
    return process == null ? 0 : process.pid();
  }

  /** Asks it to end. */
  synchronized void end() {
    doomed = true;
    if (process != null) process.destroy();
  }

  /** Ends it at once, and what it started. */
  synchronized void kill() {
    doomed = true;
    if (process == null) return;
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  private void live() {
    int status = NOT_STARTED;
    try {
      var started = begin();
      if (started != null) {
        hear(started);
        status = started.waitFor();
      }
    } catch (IOException e) {
      LOG.warn("No process could be started for {}: {}", name, e.getMessage());
    } catch (InterruptedException e) {
      kill();
    } finally {
      int ended = status;
      exited.completeAsync(() -> ended);
    }
  }

  private synchronized Process begin() throws IOException {
    if (doomed) return null;
    process = builder.start();
    if (!builder.redirectErrorStream()) daemon("worker-" + name + "-log", this::logErrors);
    try {
      process.getOutputStream().write((greeting + "\n").getBytes(StandardCharsets.US_ASCII));
      process.getOutputStream().flush();
    } catch (IOException e) {
      LOG.debug("{}: ended before it was greeted", name); // its end is noticed in any case
    }
    return process;
  }

  private void hear(Process from) {
    try (var reader = new BufferedReader(from.inputReader(StandardCharsets.UTF_8))) {
      reader.lines().forEach(lines);
    } catch (IOException | UncheckedIOException e) {
      kill(); // a worker that cannot be heard cannot be looked after
    }
  }

  /** llama.cpp writes what it has to say where nobody asked for it; it belongs into the log. */
  private void logErrors() {
    try (var reader = new BufferedReader(process.errorReader(StandardCharsets.UTF_8))) {
      reader.lines().forEach(line -> LOG.debug("{}: {}", name, line));
    } catch (IOException | UncheckedIOException e) {
      LOG.debug("{}: its log ended: {}", name, e.getMessage());
    }
  }

  static void daemon(String name, Runnable work) {
    var thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }
}
