package io.caravan.local;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
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
  private final Callable<ProcessBuilder> command;
  private final String greeting;
  private final Consumer<String> lines;
  private final Consumer<String> errors;
  private final CompletableFuture<Integer> exited = new CompletableFuture<>();
  private volatile Process process;
  private volatile boolean doomed;

  /**
   * @param command made on the thread that starts it
   * @param greeting the first line of its standard input, which then stays open; may be empty
   * @param lines hears each line of its standard output
   * @param errors hears each line of its standard error
   */
  ChildProcess(
      String name,
      Callable<ProcessBuilder> command,
      String greeting,
      Consumer<String> lines,
      Consumer<String> errors) {
    this.name = name;
    this.command = command;
    this.greeting = greeting;
    this.lines = lines;
    this.errors = errors;
  }

  void start() {
    daemon("worker-" + name, this::live);
  }

  /** Completes when it is gone and its last line was heard; with its exit status. */
  CompletableFuture<Integer> exited() {
    return exited;
  }

  /** The id of the process, 0 if it has not begun. */
  long pid() {
    var begun = process;
    return begun == null ? 0 : begun.pid();
  }

  /** Asks it to end. */
  void end() {
    doomed = true;
    var begun = process;
    if (begun != null) begun.destroy();
  }

  /** Ends it at once, and what it started. */
  void kill() {
    doomed = true;
    var begun = process;
    if (begun == null) return;
    begun.descendants().forEach(ProcessHandle::destroyForcibly);
    begun.destroyForcibly();
  }

  private void live() {
    int status = NOT_STARTED;
    try {
      var started = begin();
      if (started != null) {
        hear(started);
        status = started.waitFor();
      }
    } catch (InterruptedException e) {
      kill();
    } catch (Exception e) {
      LOG.warn("No process could be started for {}: {}", name, e.getMessage());
    } finally {
      int ended = status;
      exited.completeAsync(() -> ended);
    }
  }

  /** Nobody is kept waiting by the start; who wants its end meanwhile is heard after it. */
  private Process begin() throws Exception {
    if (doomed) return null;
    var builder = command.call();
    var started = builder.start();
    process = started;
    if (doomed) kill();
    if (!builder.redirectErrorStream()) daemon("worker-" + name + "-log", this::logErrors);
    try {
      started.getOutputStream().write((greeting + "\n").getBytes(StandardCharsets.US_ASCII));
      started.getOutputStream().flush();
    } catch (IOException e) {
      LOG.debug("{}: ended before it was greeted", name); // its end is noticed in any case
    }
    return started;
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
      reader.lines().peek(errors).forEach(line -> LOG.debug("{}: {}", name, line));
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
