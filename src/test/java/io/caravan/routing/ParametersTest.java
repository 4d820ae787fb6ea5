package io.caravan.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.catalog.Provider;
import io.caravan.catalog.Service;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ParametersTest {

  @Test
  void changesOnlyTheModelWhereAllIsTaken() throws Exception {
    var request = request("{'model':'s~m','top_k':0,'seed':null,'stream':false,'x':{}}");
    var fitted = Parameters.fit(request, target(Set.of(), Set.of(), Set.of()));
    assertThat(fitted.body())
        .isEqualTo(request("{'model':'m','top_k':0,'seed':null,'stream':false,'x':{}}"));
    assertThat(fitted.dropped()).isEmpty();
    assertThat(request.path("model").asText()).isEqualTo("s~m");
  }

  @Test
  void dropsWhatIsDeclaredAndSaysSo() throws Exception {
    var request = request("{'model':'s~m','seed':1,'user':null,'logit_bias':{},'top_p':1}");
    var fitted =
        Parameters.fit(request, target(Set.of(), Set.of("seed", "user", "logit_bias"), Set.of()));
    assertThat(fitted.body()).isEqualTo(request("{'model':'m','top_p':1}"));
    assertThat(fitted.dropped()).containsExactly("seed");
  }

  @Test
  void refusesOnlyWhatHasAMeaning() throws Exception {
    var target = target(Set.of("messages"), Set.of(), Set.of("n", "logprobs", "tools"));
    var harmless =
        request("{'model':'s~m','messages':[],'n':1,'logprobs':false,'tools':[],'stream':true}");
    assertThat(Parameters.fit(harmless, target).body())
        .isEqualTo(request("{'model':'m','messages':[]}"));
    assertThat(Parameters.fit(harmless, target).dropped()).isEmpty();
    var two = request("{'model':'s~m','n':2}");
    var refusal = catchThrowableOfType(InvalidRequest.class, () -> Parameters.fit(two, target));
    assertThat(refusal.param()).isEqualTo("n");
    assertThat(refusal.code()).isEqualTo("unsupported_parameter");
  }

  @Test
  void anEmptyObjectMayBeAWish() throws Exception {
    var search = request("{'model':'s~m','web_search_options':{}}");
    var refusing = target(Set.of(), Set.of(), Set.of("web_search_options"));
    var refusal =
        catchThrowableOfType(InvalidRequest.class, () -> Parameters.fit(search, refusing));
    assertThat(refusal.param()).isEqualTo("web_search_options");
    var dropping = target(Set.of("messages"), Set.of(), Set.of());
    assertThat(Parameters.fit(search, dropping).dropped()).containsExactly("web_search_options");
  }

  private static ObjectNode request(String singleQuoted) throws JsonProcessingException {
    return (ObjectNode) Json.read(singleQuoted.replace('\'', '"'));
  }

  private static Target target(Set<String> accepts, Set<String> drops, Set<String> refuses) {
    var provider =
        new Provider(
            "p",
            "P",
            null,
            false,
            false,
            null,
            accepts,
            drops,
            refuses,
            Set.of(),
            false,
            Set.of(),
            Provider.Listing.PLAIN,
            Set.of(),
            Set.of(),
            true,
            "p-sink",
            Set.of());
    var service = Service.of("s", provider, List.of(), null, Map.of(), null, true, true);
    return Target.of(service, "m");
  }
}
