package io.caravan.local.worker;

import de.kherud.llama.NativeTasks;
import java.util.function.BooleanSupplier;

/** Has the beginning of a long prompt evaluated in steps, so that it can be given up in between. */
final class Prefill {

  private final Llama llama;
  private final Completion request;
  private final SlotMemory.Place place;

  Prefill(Llama llama, Completion request, SlotMemory.Place place) {
    this.llama = llama;
    this.request = request;
    this.place = place;
  }

  /**
   * Evaluates what would take more than one step; all of it if nothing is to be generated.
   *
   * @return how many of the prompt's tokens the slot holds now, as far as is known
   */
  int run(BooleanSupplier cancelled) {
    int end = request.prompt().length;
    int rest = request.limit() > 0 ? 1 : 0;
    int done = place.known();
    while (done < end - rest && !cancelled.getAsBoolean()) {
      int step = llama.pace().step();
      if (rest > 0 && end - done <= step) break;
      int size = Math.min(step, end - done);
      evaluate(done, size);
      done += size;
    }
    return done;
  }

  private void evaluate(int done, int size) {
    long begin = System.nanoTime();
    var at = new SlotMemory.Place(place.number(), done);
    int task = NativeTasks.request(llama.model(), request.step(done + size, at));
    while (!NativeTasks.isLast(llama.readers().next(task))) {}
    NativeTasks.release(llama.model(), task);
    llama.pace().took(size, System.nanoTime() - begin);
  }
}
