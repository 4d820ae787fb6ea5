package io.caravan.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.streaming.AnswerStream;
import io.caravan.streaming.ServerEvent;
import io.caravan.streaming.Transformer;

/**
 * One service's wire format against OpenAI's, for chat. Pure: JSON in, JSON out; no I/O, no clock,
 * no Camel. No method changes its argument.
 *
 * <p>What a dialect cannot know it leaves out: {@code id}, {@code created} and {@code model} of an
 * answer are filled in later where they are missing.
 */
public interface Dialect {

  /**
   * An OpenAI chat request in the service's form. Parameters that the provider's Kamelet declares
   * as dropped or refused are gone already.
   *
   * @throws io.caravan.errors.GatewayException.InvalidRequest if a part cannot be expressed
   */
  ObjectNode toProvider(ObjectNode chat);

  /** A whole answer of the service as an OpenAI {@code chat.completion}. */
  ObjectNode toCompletion(JsonNode answer);

  /**
   * A translator for one stream: the service's events to OpenAI {@code chat.completion.chunk}s.
   *
   * <p>It sends a role-first chunk, content deltas, one chunk with {@code finish_reason}, then, if
   * the service told its usage, a chunk with empty {@code choices} and {@code usage}. An error
   * event becomes a {@link io.caravan.errors.GatewayException.UpstreamFailed}. No {@code [DONE]}.
   */
  Transformer<ServerEvent, ObjectNode> chunks();

  /** The service's model list as a list of OpenAI model objects. */
  ArrayNode toModels(JsonNode answer);

  /** What a Kamelet calls behind a chat: translates a whole answer, or a stream as it runs. */
  @SuppressWarnings("unchecked")
  default Object toOpenAi(Object answer) {
    return answer instanceof AnswerStream<?> stream
        ? ((AnswerStream<ServerEvent>) stream).through(chunks())
        : toCompletion((JsonNode) answer);
  }
}
