package io.caravan.local.worker;

import de.kherud.llama.LlamaModel;
import de.kherud.llama.ModelParameters;
import de.kherud.llama.NativeTasks;
import io.caravan.local.Gguf;
import java.io.IOException;

/**
 * The loaded model: java-llama.cpp 4.2.0 (llama.cpp b4916) with what it needs to be kept alive.
 * Wrong input ends the whole process, so everything that goes in is made by this package.
 */
final class Llama {

  private static final int UNKNOWN_CONTEXT = 4096;
  private static final int BATCH = 512;

  /**
   * A template that does not like a conversation calls {@code raise_exception}, and the exception
   * ends the process. A macro of that name comes before the built-in one and does nothing.
   */
  private static final String TOLERANT = "{%- macro raise_exception(message) -%}{%- endmacro -%}";

  private final Gguf gguf;
  private final LlamaModel model;
  private final int context;
  private final String bos;
  private final int slots;
  private final SlotMemory memory;
  private final Readers readers;
  private final Pace pace = new Pace(BATCH);

  /**
   * Loads a model.
   *
   * @throws LoadException with the reason, for the client
   */
  Llama(Gguf gguf, WorkerOptions options) throws LoadException {
    this.gguf = gguf;
    int made = gguf.contextLength() > 0 ? gguf.contextLength() : UNKNOWN_CONTEXT;
    context = Math.min(made, options.context());
    slots = options.slots(gguf);
    var parameters = new ModelParameters().setModel(options.file().toString());
    // the warm-up leaves a second pool of threads behind, which halves the speed for good
    parameters.skipWarmup().disableContextShift();
    if (!Graphics.ownLibrary()) parameters.disableLog(); // an own one says where the model goes
    parameters.setThreads(options.threads()).setThreadsBatch(options.threads());
    Graphics.apply(parameters);
    if (gguf.kind() == Gguf.Kind.EMBEDDINGS) embeddings(parameters);
    else chat(parameters);
    model = load(parameters);
    readers = new Readers(model);
    memory = new SlotMemory(slots, options.promptCache());
    if (gguf.kind() == Gguf.Kind.CHAT) FirstRequest.send(model, gguf);
    bos = gguf.addBos() && gguf.bosToken() >= 0 ? model.decode(new int[] {gguf.bosToken()}) : "";
  }

  /** Why a model did not load, in words for the client. */
  static final class LoadException extends Exception {
    private static final long serialVersionUID = 1L;

    LoadException(String message) {
      super(message);
    }
  }

  Gguf gguf() {
    return gguf;
  }

  LlamaModel model() {
    return model;
  }

  /** Tokens that one request may have, its answer included. */
  int context() {
    return context;
  }

  int slots() {
    return slots;
  }

  SlotMemory memory() {
    return memory;
  }

  Readers readers() {
    return readers;
  }

  Pace pace() {
    return pace;
  }

  /** How many tokens llama.cpp makes of a text. */
  int count(String text) {
    return model.encode(text).length + (gguf.addBos() ? 1 : 0) + (gguf.addEos() ? 1 : 0);
  }

  /** The tokens that a model goes on with, its begin token first if it wants one. */
  int[] prompt(String text) {
    var tokens = model.encode(text);
    if (!gguf.addBos() || gguf.bosToken() < 0) return tokens;
    var prompt = new int[tokens.length + 1];
    prompt[0] = gguf.bosToken();
    System.arraycopy(tokens, 0, prompt, 1, tokens.length);
    return prompt;
  }

  /** The model's own template filled in, without the begin token, which comes before it anyway. */
  String render(String conversation) {
    var prompt = model.applyTemplate(conversation);
    return !bos.isEmpty() && prompt.startsWith(bos) ? prompt.substring(bos.length()) : prompt;
  }

  private void chat(ModelParameters parameters) {
    parameters.enableJinja().setParallel(slots).setCtxSize(slots * context);
    parameters.setBatchSize(BATCH);
    if (!gguf.chatTemplate().isEmpty()) parameters.setChatTemplate(TOLERANT + gguf.chatTemplate());
  }

  /** A text must fit into one batch; with several slots a short one ends the process. */
  private void embeddings(ModelParameters parameters) {
    parameters.enableEmbedding().setParallel(1).setCtxSize(context);
    parameters.setBatchSize(context).setUbatchSize(context);
  }

  private static LlamaModel load(ModelParameters parameters) throws LoadException {
    try (var library = new NativeLibrary()) {
      var missing = NativeLibrary.missingInstructions();
      if (!missing.isEmpty()) throw new LoadException("the processor lacks " + missing + ".");
      return new LlamaModel(parameters);
    } catch (RuntimeException e) {
      if (!NativeTasks.isRefusal(e)) throw e;
      throw new LoadException(
          "llama.cpp does not take it; it may be damaged, or too new for llama.cpp b4916.");
    } catch (UnsatisfiedLinkError e) {
      throw new LoadException(
          "llama.cpp's library cannot be used here; on Debian and Ubuntu it needs libgomp1.");
    } catch (IOException e) {
      throw new LoadException("no temporary folder for llama.cpp's library.");
    }
  }
}
