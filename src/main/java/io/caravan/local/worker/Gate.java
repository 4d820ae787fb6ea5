package io.caravan.local.worker;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.errors.OpenAiErrors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.camel.Exchange;

/** Lets the gateway's own calls in, and makes HTTP answers of whatever goes wrong. */
final class Gate {

  private final byte[] authorization;

  Gate(String secret) {
    this.authorization = ("Bearer " + secret).getBytes(StandardCharsets.UTF_8);
  }

  /** What an answer is made by; its failure is the client's answer too. */
  interface Step {
    CompletionStage<?> run() throws IOException;
  }

  /** Runs the step for a caller that knows the secret; the result becomes the body. */
  CompletionStage<Object> pass(Exchange exchange, Step step) {
    var message = exchange.getMessage();
    message.setHeader("Content-Type", "application/json");
    if (!isAuthorized(exchange)) {
      message.setHeader(Exchange.HTTP_RESPONSE_CODE, 401);
      return whole(
          OpenAiErrors.body("Wrong secret.", "invalid_request_error", null, "invalid_api_key"));
    }
    try {
      return step.run().<Object>thenApply(body -> body).exceptionally(e -> error(exchange, e));
    } catch (JsonProcessingException e) {
      return whole(error(exchange, new InvalidRequest("The body is not valid JSON.", null, null)));
    } catch (IOException | RuntimeException e) {
      return whole(error(exchange, e));
    }
  }

  static CompletionStage<Object> whole(Object body) {
    return CompletableFuture.completedFuture(body);
  }

  private boolean isAuthorized(Exchange exchange) {
    var given = exchange.getMessage().getHeader("Authorization", "", String.class);
    return MessageDigest.isEqual(authorization, given.getBytes(StandardCharsets.UTF_8));
  }

  private static Object error(Exchange exchange, Throwable failure) {
    var rendered = OpenAiErrors.render(failure);
    var message = exchange.getMessage();
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, rendered.status());
    rendered.headers().forEach(message::setHeader);
    return rendered.body();
  }
}
