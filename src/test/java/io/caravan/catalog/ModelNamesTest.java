package io.caravan.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelNamesTest {

  @ParameterizedTest
  @CsvSource({
    "llama3.2:3b, llm",
    "gpt-oss:20b, llm",
    "Meta-Llama-3.1-8B-Instruct-Q4_K_M.gguf, llm",
    "text-embedding-3-small, embeddings",
    "nomic-embed-text:latest, embeddings",
    "BAAI/bge-m3, embeddings",
    "all-minilm:l6-v2, embeddings",
    "qwen2.5-vl-7b-instruct, vlm",
    "llava:13b, vlm",
    "gpt-4o-mini, vlm",
    "llama3.2-vision:11b, vlm",
    "stable-diffusion-xl, vision",
    "openai/clip-vit-large, vision",
    "echo, unknown",
    "m, unknown"
  })
  void type(String name, String type) {
    assertThat(ModelNames.type(name)).isEqualTo(type);
  }

  @ParameterizedTest
  @CsvSource({
    "Meta-Llama-3.1-8B-Instruct-Q4_K_M.gguf, Q4_K_M, 8B",
    "llama-3.2-1b-instruct:q4_k_m, Q4_K_M, 1B",
    "llama3.2:3b-gguf-q4-km, Q4_K_M, 3B",
    "mixtral-8x7b-instruct-v0.1.Q5_0, Q5_0, 8X7B",
    "bartowski/Qwen3-30B-A3B-IQ2_XXS, IQ2_XXS, 30B-A3B",
    "tinychat-2m-q8_0, Q8_0, 2M",
    "TheBloke/Mistral-7B-AWQ, AWQ, 7B",
    "mlx-community/Phi-4-4bit, 4BIT,",
    "gpt-4o, ,",
    "llama3.2:latest, ,"
  })
  void quantizationAndParameters(String name, String quantization, String parameters) {
    assertThat(ModelNames.quantization(name)).isEqualTo(quantization);
    assertThat(ModelNames.parameters(name)).isEqualTo(parameters);
  }

  @ParameterizedTest
  @CsvSource({
    "qwen2.5-coder:7b,            false, true,  true",
    "deepseek-coder-6.7b-instruct, true, true,  false",
    "gemma-2-9b-it,               true,  false, false",
    "mistral-nemo,                false, false, true",
    "codellama:7b,                false, true,  false",
    "llama2:7b-chat,              true,  false, false",
    "titan,                       false, false, false"
  })
  void whatItWasTrainedFor(String name, boolean instructed, boolean coding, boolean tooling) {
    assertThat(ModelNames.instructed(name)).as("instructed").isEqualTo(instructed);
    assertThat(ModelNames.coding(name)).as("coding").isEqualTo(coding);
    assertThat(ModelNames.tooling(name)).as("tooling").isEqualTo(tooling);
  }

  @ParameterizedTest
  @CsvSource({
    "NousResearch/Meta-Llama-3-8B, NousResearch, llama, 0",
    "../models/x.gguf, , , 0",
    "/home/u/.cache/granite-7b-lab-Q4_K_M.gguf, , granite, 0",
    "phi-3-mini-128k-instruct, , phi, 131072",
    "mistral:7b, , mistral, 0"
  })
  void publisherFamilyAndContext(String name, String publisher, String family, long tokens) {
    assertThat(ModelNames.publisher(name)).isEqualTo(publisher);
    var found = ModelNames.architecture(name);
    if (family == null) assertThat(found).isNull();
    else assertThat(found).startsWith(family);
    assertThat(ModelNames.maxTokens(name)).isEqualTo(tokens);
  }
}
