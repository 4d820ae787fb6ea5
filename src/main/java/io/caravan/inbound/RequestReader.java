package io.caravan.inbound;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException;
import io.caravan.json.Json;
import io.caravan.routing.Wishes;
import io.caravan.settings.Configuration;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** Bytes to an OpenAI request that is worth passing on, or a 400 that says what to mend. */
public final class RequestReader implements Processor {

  private final Double temperature;
  private final Integer maxTokens;
  private final Supplier<Configuration> now;

  /**
   * @param now the settings that count when a request comes
   */
  public RequestReader(Configuration configuration, Supplier<Configuration> now) {
    this.now = now;
    var warmth = configuration.get("caravan.temperature");
    var limit = configuration.get("caravan.max-tokens");
    PromptSize.most(configuration);
    temperature = warmth == null ? null : configuration.number("caravan.temperature", 0);
    maxTokens = limit == null ? null : (int) configuration.number("caravan.max-tokens", 0);
  }

  /**
   * Turns the body into a checked request, and keeps it aside as variable {@code request} (claim
   * check): stages may replace the body, and another attempt needs it again. What is meant for
   * Caravan itself does not travel: it becomes variable {@code wishes}.
   */
  @Override
  public void process(Exchange exchange) {
    var operation = exchange.getVariable("operation", String.class);
    var request = read((byte[]) exchange.getMessage().getBody(), operation);
    exchange.setVariable(Wishes.VARIABLE, WishReader.take(request, exchange.getMessage()));
    exchange.getMessage().setBody(request);
    exchange.setVariable("request", request);
  }

  /**
   * Parses and checks the body for an operation.
   *
   * @throws GatewayException.InvalidRequest naming the field at fault
   */
  ObjectNode read(byte[] body, String operation) {
    var request = parse(body);
    RequestRules.check(request, operation);
    long most = PromptSize.most(now.get());
    if (most > 0) PromptSize.check(request, most);
    return switch (operation) {
      case "embeddings" -> request;
      case "tokenize" -> TokenRequests.tokenize(request);
      case "detokenize" -> TokenRequests.detokenize(request);
      default -> withDefaults(request);
    };
  }

  private ObjectNode withDefaults(ObjectNode request) {
    boolean warmth = temperature != null && !request.has("temperature");
    boolean limit =
        maxTokens != null && !request.has("max_tokens") && !request.has("max_completion_tokens");
    if (warmth) request.put("temperature", temperature);
    if (limit) request.put("max_tokens", maxTokens);
    return request;
  }

  /**
   * Parses a body that must be a JSON object.
   *
   * @throws GatewayException.InvalidRequest saying what it is instead
   */
  public static ObjectNode parse(byte[] body) {
    if (body.length == 0) throw invalid("The request body is empty: send a JSON object.");
    if (!isUtf8(body)) throw invalid("The body of your request is not valid UTF-8.");
    JsonNode node;
    try {
      node = Json.readRequest(body);
    } catch (StreamConstraintsException e) {
      throw invalid(
          "The JSON body of your request is too much of it%s: too many values, too deeply nested, or too long a value."
              .formatted(at(e)));
    } catch (JsonProcessingException e) {
      throw invalid("We could not parse the JSON body of your request" + place(e) + ".");
    } catch (IOException e) {
      throw invalid("The body of your request is not valid UTF-8.");
    }
    if (node instanceof ObjectNode object) return object;
    throw invalid("The JSON body of your request is not an object.");
  }

  /** Jackson lets some invalid sequences pass, and takes UTF-16 for JSON too. */
  private static boolean isUtf8(byte[] body) {
    boolean ascii = true;
    for (byte b : body) ascii &= b > 0;
    if (ascii) return true;
    for (int i = 0; i < Math.min(4, body.length); i++) if (body[i] == 0) return false;
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static String place(JsonProcessingException e) {
    var reason = e.getOriginalMessage();
    int end = reason == null ? -1 : reason.indexOf('\n');
    if (end > 0) reason = reason.substring(0, end);
    if (reason != null && reason.contains("UTF-8")) reason = "it is not valid UTF-8";
    else reason = "it is not valid JSON";
    return ": " + reason + at(e);
  }

  private static String at(JsonProcessingException e) {
    var at = e.getLocation();
    return at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
  }

  private static GatewayException invalid(String message) {
    return new GatewayException.InvalidRequest(message, null, null);
  }
}
