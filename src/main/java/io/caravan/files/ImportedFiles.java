package io.caravan.files;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException.Conflict;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.camel.Exchange;

/** Files of this machine on their way to a service: what the import operations of Kamelets call. */
public final class ImportedFiles {

  private final AllowedFolders allowed;
  private final Path models;
  private final Executor executor;

  /**
   * @param models the folder that gets local models
   */
  public ImportedFiles(AllowedFolders allowed, Path models, Executor executor) {
    this.allowed = allowed;
    this.models = models;
    this.executor = executor;
  }

  /** The file as body, and variable {@code digest}: {@code sha256:} and its hash. */
  public CompletionStage<Void> digest(Exchange exchange) {
    var file = file(exchange);
    return later(
        () -> {
          exchange.setVariable("digest", "sha256:" + Sha256.of(file).hex());
          exchange.getMessage().setBody(file);
        });
  }

  /** Copies the file into the folder of local models, or links to it. */
  public CompletionStage<Void> bringIn(Exchange exchange) {
    var file = file(exchange);
    var request = exchange.getVariable("request", ObjectNode.class);
    var target = models.resolve(ModelFile.name(request.path("model").asText(), file));
    boolean link = request.path("mode").asText().equals("link");
    return later(
        () -> {
          Files.createDirectories(models);
          if (isThere(file, target)) return;
          GgufMagic.check(file);
          Files.deleteIfExists(Origin.note(target)); // of one that went without us
          if (link) link(file, target);
          else copy(file, target);
        });
  }

  /** Whether the very file is there, or one of the same content. */
  private static boolean isThere(Path file, Path target) throws IOException {
    if (!Files.exists(target)) return false;
    if (Files.isSameFile(file, target) || Files.mismatch(file, target) < 0) return true;
    throw exists(target);
  }

  /** A hard link: one that leads out of the model folders would be refused there. */
  private static void link(Path file, Path target) throws IOException {
    try {
      Files.createLink(target, file);
    } catch (FileSystemException | UnsupportedOperationException e) {
      throw new Conflict(
          "The file cannot be linked into the folder of models, which may be on another file"
              + " system. Import it with \"mode\": \"copy\".",
          "not_linkable");
    }
  }

  private static void copy(Path file, Path target) throws IOException {
    Space.check(target.getParent(), Files.size(file));
    var part = target.resolveSibling(target.getFileName() + ".part");
    try {
      Files.copy(file, part, StandardCopyOption.REPLACE_EXISTING);
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private Path file(Exchange exchange) {
    var request = exchange.getVariable("request", ObjectNode.class);
    return allowed.file(request.path("path").asText());
  }

  static Conflict exists(Path target) {
    return new Conflict(
        "There is another file `%s` already. Delete that model, or choose another name."
            .formatted(target.getFileName()),
        "model_exists");
  }

  private CompletionStage<Void> later(Work work) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            work.run();
          } catch (FileAlreadyExistsException e) {
            throw exists(Path.of(e.getFile()));
          } catch (IOException e) {
            throw Space.failure(e);
          }
        },
        executor);
  }

  private interface Work {
    void run() throws IOException;
  }
}
