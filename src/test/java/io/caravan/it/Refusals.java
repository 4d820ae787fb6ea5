package io.caravan.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.it.Client.Reply;

/** What the answer looks like to a request that is wrong, or that a service failed. */
final class Refusals {

  private Refusals() {}

  /** Asserts status and all four fields; null stands for JSON's null. */
  static void assertError(Reply reply, int status, String param, String code) {
    assertThat(reply.status()).as(reply.body()).isEqualTo(status);
    assertThat(reply.header("content-type")).startsWith("application/json");
    var error = reply.error();
    assertThat(error.fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("message", "type", "param", "code");
    assertThat(error.path("message").asText())
        .isNotBlank()
        .doesNotContain("Exception", "io.caravan", "fasterxml");
    assertThat(error.path("type").asText()).isEqualTo("invalid_request_error");
    assertThat(error.path("param").asText(null)).isEqualTo(param);
    assertThat(error.path("code").asText(null)).isEqualTo(code);
  }

  /** Asserts a failure that is not the client's, told in words that name no address. */
  static void assertFailed(Reply reply, int status, String code) {
    assertThat(reply.status()).as(reply.body()).isEqualTo(status);
    assertThat(reply.header("content-type")).isEqualTo("application/json");
    var error = reply.error();
    assertThat(error.path("type").asText()).isEqualTo("server_error");
    assertThat(error.path("code").asText()).as(reply.body()).isEqualTo(code);
    assertThat(error.path("param").isNull()).isTrue();
    assertThat(error.path("message").asText())
        .isNotBlank()
        .doesNotContain("127.0.0.1", "Exception", "vertx");
  }
}
