package io.caravan.local.worker;

import de.kherud.llama.LlamaModel;
import de.kherud.llama.ModelParameters;
import de.kherud.llama.NativeTasks;
import io.caravan.local.Gguf;
import java.io.IOException;
import java.nio.file.Path;

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

  /**
   * @param parallel slots of a chat model; an embedding model has one
   * @param maxContext tokens in each slot, at most
   */
  Llama(Path file, Gguf gguf, int parallel, int maxContext, int threads) throws LoadException {
    this.gguf = gguf;
    context =
        Math.min(gguf.contextLength() > 0 ? gguf.contextLength() : UNKNOWN_CONTEXT, maxContext);
    var parameters = new ModelParameters().setModel(file.toString());
    // the warm-up leaves a second pool of threads behind, which halves the speed for good
    parameters.skipWarmup().disableLog().disableContextShift();
    parameters.setThreads(threads).setThreadsBatch(threads);
    if (gguf.kind() == Gguf.Kind.EMBEDDINGS) embeddings(parameters);
    else chat(parameters, parallel);
    model = load(parameters);
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

  /** How many tokens llama.cpp makes of a prompt. */
  int tokens(String prompt) {
    return model.encode(prompt).length + (gguf.addBos() ? 1 : 0) + (gguf.addEos() ? 1 : 0);
  }

  /** The model's own template filled in; llama.cpp puts the begin token before it again. */
  String render(String conversation) {
    var prompt = model.applyTemplate(conversation);
    return !bos.isEmpty() && prompt.startsWith(bos) ? prompt.substring(bos.length()) : prompt;
  }

  private void chat(ModelParameters parameters, int parallel) {
    parameters.enableJinja().setParallel(parallel).setCtxSize(parallel * context);
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
