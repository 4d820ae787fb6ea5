package io.caravan.local;

import java.nio.file.Path;

/**
 * A GGUF file in one of the model folders.
 *
 * @param name the short name by which it is listed
 * @param stem the file's name without {@code .gguf}
 * @param path where it lies
 * @param gguf what its header says, null if the file was refused
 * @param state whether it runs
 * @param error why it cannot be loaded, null unless the state is {@link State#ERROR}
 */
public record LocalModel(
    String name, String stem, Path path, Gguf gguf, State state, String error) {

  /** Whether a model is in memory. */
  public enum State {
    NOT_LOADED("not loaded"),
    LOADING("loading"),
    LOADED("loaded"),
    ERROR("error");

    private final String text;

    State(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** Whether a request that names {@code model} means this one. */
  boolean answersTo(String model) {
    return model.equals(name) || model.equals(stem) || model.equals(stem + ModelFolders.SUFFIX);
  }

  LocalModel in(State now, String reason) {
    return new LocalModel(name, stem, path, gguf, now, reason);
  }
}
