package io.caravan.it;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.chat.completions.ChatCompletionCreateParams;

/** OpenAI's official client for Java, turned to the gateway. */
final class OpenAiClient {

  private OpenAiClient() {}

  static OpenAIClient of(PackagedGateway gateway) {
    return OpenAIOkHttpClient.builder()
        .baseUrl(gateway.url() + "/v1")
        .apiKey("sk-of-the-client")
        .maxRetries(0)
        .build();
  }

  static ChatCompletionCreateParams.Builder chat(String model) {
    return ChatCompletionCreateParams.builder().model(model).addUserMessage("What is it like?");
  }
}
