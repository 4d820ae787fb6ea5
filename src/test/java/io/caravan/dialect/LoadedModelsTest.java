package io.caravan.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.errors.GatewayException.ModelNotFound;
import io.caravan.errors.GatewayException.UpstreamFailed;
import io.caravan.json.Json;
import org.junit.jupiter.api.Test;

class LoadedModelsTest {

  @Test
  void aModelThatIsNotLoadedIsUnloadedIfTheServiceHasIt() throws Exception {
    var models =
        Json.read("{\"data\":[{\"id\":\"m\"},{\"id\":\"far\",\"status\":\"downloadable\"}]}");
    for (var words : new String[] {"Model not running", "model not found"}) {
      assertThat(unloaded(models, "m", words)).isEqualTo(Json.object());
      for (var unknown : new String[] {"far", "none"}) {
        assertThatThrownBy(() -> unloaded(models, unknown, words))
            .isInstanceOf(ModelNotFound.class);
      }
    }
    assertThatThrownBy(() -> unloaded(models, "m", "model is still busy"))
        .isInstanceOf(UpstreamFailed.class)
        .hasMessage("model is still busy");
  }

  private static JsonNode unloaded(JsonNode models, String model, String words) {
    return LoadedModels.unloaded(models, model, Progress.failed(words));
  }
}
