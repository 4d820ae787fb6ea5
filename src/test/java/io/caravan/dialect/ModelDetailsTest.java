package io.caravan.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What the recorded answers of services say of their models, in the catalog's words. */
class ModelDetailsTest {

  @Test
  void ollama() throws IOException {
    assertFields(
        new OllamaDialect().toModels(wire("ollama/tags.json")).get(0),
        "{'id':'llama3.2:latest','size':2019393189,'architecture':'llama','parameters':'3.2B',"
            + "'quantization':'Q4_K_M','is_gguf':true}");
    assertFields(
        OllamaModels.shown(wire("ollama/show.response.json"), "m").get(0),
        "{'id':'m','max_tokens':131072,'type':'llm','tooling':true,'architecture':'llama'}");
    var running = OllamaModels.running(wire("ollama/ps.json"));
    assertFields(running.at("/models/0"), "{'id':'mistral:latest','state':'loaded'}");
    assertFields(running.path("others"), "{'state':'not loaded'}");
  }

  @Test
  void lmStudio() throws IOException {
    var older = LmStudioModels.details(wire("lmstudio/v0.models.json")).path("models");
    assertFields(
        older.get(0),
        "{'id':'meta-llama-3.1-8b-instruct','type':'llm','publisher':'lmstudio-community',"
            + "'architecture':'llama','quantization':'Q4_K_M','state':'not loaded',"
            + "'max_tokens':131072,'is_gguf':true,'is_mlx':false}");
    assertFields(older.get(1), "{'type':'embeddings','state':'loaded','max_tokens':2048}");
    var newer = LmStudioModels.details(wire("lmstudio/v1.models.json")).path("models");
    assertFields(
        newer.get(0),
        "{'id':'google/gemma-4-26b-a4b','type':'vlm','architecture':'gemma4','state':'loaded',"
            + "'quantization':'Q4_K_M','size':17990911801,'parameters':'26B-A4B','tooling':true,"
            + "'max_tokens':262144,'runtime_name':'google/gemma-4-26b-a4b'}");
  }

  @Test
  void vllmAndLlamaServer() throws IOException {
    var dialect = new OpenAiDialect();
    assertFields(dialect.toModels(wire("vllm/models.json")).get(0), "{'max_tokens':8192}");
    assertFields(
        dialect.toModels(wire("llamacpp/models.json")).get(0),
        "{'max_tokens':131072,'parameters':'8.0B','size':4912898304,'is_gguf':true}");
    assertFields(
        dialect.toModels(wire("llamacpp/router.models.json")).get(0),
        "{'type':'vlm','state':'loaded'}");
    var props =
        Json.read(
            "{'default_generation_settings':{'n_ctx':4096},'model_path':'/m/x.gguf',"
                    .replace('\'', '"')
                + "\"modalities\":{\"vision\":true}}");
    assertFields(
        LlamaServerModels.details(props).path("others"),
        "{'max_tokens':4096,'file_path':'/m/x.gguf','type':'vlm'}");
  }

  @Test
  void hostsInTheCloud() throws IOException {
    var openRouter =
        "{'data':[{'id':'a/b','context_length':1000,'architecture':{'input_modalities':['image']},"
            + "'supported_parameters':['tools'],'description':'D'}]}";
    assertFields(
        new OpenAiDialect().toModels(Json.read(openRouter.replace('\'', '"'))).get(0),
        "{'max_tokens':1000,'type':'vlm','tooling':true,'description':'D'}");
  }

  private static void assertFields(JsonNode model, String expected) throws IOException {
    for (var field : Json.read(expected.replace('\'', '"')).properties()) {
      assertThat(model.path(field.getKey()).asText())
          .as(field.getKey())
          .isEqualTo(field.getValue().asText());
    }
  }

  private static JsonNode wire(String file) throws IOException {
    return Json.read(Files.readAllBytes(Path.of("src/test/resources/wire", file)));
  }
}
