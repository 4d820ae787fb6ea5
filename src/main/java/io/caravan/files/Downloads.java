package io.caravan.files;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.local.LocalModel;
import io.caravan.local.LocalModels;
import io.caravan.streaming.AnswerStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import org.apache.camel.Variable;

/** Downloads GGUF files into the folder of local models: what the llamacpp Kamelet calls. */
public final class Downloads {

  private final Path folder;
  private final Hub hub;
  private final LocalModels models;
  private final Executor executor;

  /**
   * @param folder gets what is installed
   */
  public Downloads(Path folder, Hub hub, LocalModels models, Executor executor) {
    this.folder = folder;
    this.hub = hub;
    this.models = models;
    this.executor = executor;
  }

  /** The download as progress; it begins when it is listened to. */
  public AnswerStream<ObjectNode> download(
      @Variable("request") ObjectNode wanted, @Variable("operation") String operation)
      throws IOException {
    boolean update = operation.equals("update");
    var sha256 = wanted.path("sha256").asText(null);
    var known = update ? models.find(wanted.path("model").asText()).orElse(null) : null;
    if (known == null) {
      var file = ModelFile.of(wanted, hub.url());
      var whole = folder.resolve(file.name());
      return new Download(new Order(file.source(), whole, sha256, update), hub, executor);
    }
    var order = new Order(source(known, wanted), known.path(), sha256, true);
    return new Download(order, hub, executor);
  }

  /** Where a model that is here comes from: what the client says, else what was noted. */
  private URI source(LocalModel known, ObjectNode wanted) throws IOException {
    if (!known.file().equals(known.stem() + ".gguf"))
      throw new InvalidRequest(
          "The model is split into several files. Delete it and install it anew.",
          "params.model_name",
          "invalid_value");
    if (wanted.hasNonNull("url")) return ModelFile.of(wanted, hub.url()).source();
    var origin = Origin.read(Origin.note(known.path()));
    if (origin != null) return URI.create(origin.source());
    throw new InvalidRequest(
        "It is not known where this model came from. Say so in 'params.url'.",
        "params.url",
        "missing_required_parameter");
  }
}
