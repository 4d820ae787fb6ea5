package io.caravan.inbound;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Where services come from, for those who list them. */
public interface ServiceOrigins {

  /** Adds to what is told of a service: {@code origin}, {@code read_only}, {@code version}. */
  void tell(String service, ObjectNode to);

  /** Adds what was set for it by the API. */
  void tellSettings(String service, ObjectNode to);

  /** Adds services that are configured and not in use, each with the reason. */
  void tellOthers(ArrayNode to);

  /** Files that are refused. */
  ArrayNode refused();
}
