package io.caravan.local;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A GGUF model in one of the model folders.
 *
 * @param name the short name by which it is listed
 * @param stem the file's name without {@code .gguf} and without the number of its part
 * @param path where it lies; the first part of a split model
 * @param gguf what its header says, null if the file was refused
 * @param bytes the size of its file or files
 * @param state whether it runs
 * @param error why it cannot be loaded or why it ended, null if neither is so
 * @param loadable whether it could be loaded, as far as the file is concerned
 */
public record LocalModel(
    String name,
    String stem,
    Path path,
    Gguf gguf,
    long bytes,
    State state,
    String error,
    boolean loadable) {

  /** Whether a model is in memory. */
  public enum State {
    NOT_LOADED("not loaded"),
    INCOMPLETE("incomplete"),
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

  /** Whether clients are told of it: one that runs goes on without its file, but not for long. */
  boolean offered() {
    return loadable && Files.exists(path);
  }

  /** Whether a request that names {@code model} means this one. */
  boolean answersTo(String model) {
    return model.equals(name)
        || model.equals(stem)
        || model.equals(stem + ModelFolders.SUFFIX)
        || model.equals(file());
  }

  /** The name of its file, of the first one if it is split. */
  public String file() {
    return path.getFileName().toString();
  }

  LocalModel in(State now, String reason) {
    return new LocalModel(name, stem, path, gguf, bytes, now, reason, loadable);
  }

  LocalModel refused(String reason) {
    return new LocalModel(name, stem, path, gguf, bytes, State.ERROR, reason, false);
  }
}
