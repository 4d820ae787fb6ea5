package io.caravan.it;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;

/** Asks a gateway for jobs and looks after them. */
final class JobClient {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Client client;

  JobClient(PackagedGateway gateway) {
    client = gateway.client();
  }

  /** Asks for a job; the request in single quotes. */
  Client.Reply ask(String request) {
    return client.post("/jobs", Requests.json(request));
  }

  /** The id of a job that is taken. */
  String id(String type, String params) {
    var reply = ask("{'type':'" + type + "','params':" + params + "}");
    if (reply.status() != 202) throw new AssertionError(reply.status() + " " + reply.body());
    return reply.tree().path("id").asText();
  }

  JsonNode job(String id) {
    return client.get("/jobs/" + id).tree();
  }

  /** The job when it is in that state. */
  JsonNode await(String id, String state) {
    try {
      Await.until("job is " + state, PATIENCE, () -> job(id).path("state").asText().equals(state));
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + ": " + job(id), e);
    }
    return job(id);
  }

  Client.Reply cancel(String id) {
    return client.call("DELETE", "/jobs/" + id, BodyPublishers.noBody());
  }

  /** All events of a job, to its end. */
  String events(String id) {
    return client.get("/jobs/" + id + "/events").body();
  }

  /** Runs a job to that end. */
  JsonNode run(String type, String params, String state) {
    return await(id(type, params), state);
  }
}
