package io.caravan.local.worker;

import de.kherud.llama.LlamaModel;
import de.kherud.llama.LlamaOutput;
import de.kherud.llama.NativeTasks;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Who reads llama.cpp's results, one after the other. Its server (b4916) wakes all readers for the
 * result of one, and as long as that is not taken the others ask for theirs without a pause: with
 * four of them a good part of a processor.
 */
final class Readers {

  /** Who has waited so long reads beside: a turn is polite, not needed. */
  private static final int PATIENCE_MS = 50;

  private final LlamaModel model;
  private final ReentrantLock turn = new ReentrantLock(true);

  Readers(LlamaModel model) {
    this.model = model;
  }

  /** The next piece of a task's text. Blocks without limit. */
  LlamaOutput next(int task) {
    boolean mine = take();
    try {
      return NativeTasks.receive(model, task);
    } finally {
      if (mine) turn.unlock();
    }
  }

  private boolean take() {
    try {
      return turn.tryLock(PATIENCE_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
