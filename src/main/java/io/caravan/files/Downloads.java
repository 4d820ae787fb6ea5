package io.caravan.files;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.streaming.AnswerStream;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import org.apache.camel.Variable;

/** Downloads GGUF files into the folder of local models: what the llamacpp Kamelet calls. */
public final class Downloads {

  private final Path models;
  private final Hub hub;
  private final Executor executor;

  /**
   * @param models the folder that gets local models
   */
  public Downloads(Path models, Hub hub, Executor executor) {
    this.models = models;
    this.hub = hub;
    this.executor = executor;
  }

  /** The download as progress; it begins when it is listened to. */
  public AnswerStream<ObjectNode> download(
      @Variable("request") ObjectNode wanted, @Variable("operation") String operation) {
    return new Download(
        ModelFile.of(wanted, hub.url()),
        models,
        hub,
        wanted.path("sha256").asText(null),
        operation.equals("update"),
        executor);
  }
}
