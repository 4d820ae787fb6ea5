package io.caravan.edge;

import io.caravan.catalog.BaseUrl;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;

/**
 * One path below a service's base URL.
 *
 * <p>Options: {@code method} (POST), {@code keyHeader} (the header that takes the service's API
 * key; {@code Authorization} takes it as a bearer token), {@code brief} (true for a call about the
 * service, which has the short time limit), {@code stream} (true to ask for a stream whatever the
 * body says); any other option becomes part of the query. A segment {@code :name} of the path
 * stands for the exchange variable of that name. Every message header that stands at the call
 * travels, so a Kamelet sets with {@code setHeader} what its service wants to see, and nothing
 * else.
 */
public final class UpstreamEndpoint extends DefaultEndpoint {

  static final String AUTHORIZATION = "Authorization";

  private final String path;
  private final Map<String, RequestOptions> requests = new ConcurrentHashMap<>();
  private final String method;
  private final String keyHeader;
  private final boolean brief;
  private final boolean stream;

  UpstreamEndpoint(
      String uri,
      UpstreamComponent component,
      String method,
      String path,
      String keyHeader,
      boolean brief,
      boolean stream) {
    super(uri, component);
    this.method = method;
    this.path = path;
    this.keyHeader = keyHeader;
    this.brief = brief;
    this.stream = stream;
  }

  @Override
  public Producer createProducer() {
    return new UpstreamProducer(this);
  }

  @Override
  public Consumer createConsumer(Processor processor) {
    throw new UnsupportedOperationException("upstream: only calls services, it takes no calls");
  }

  /** The request to this path at a base URL; made once for each of the configured URLs. */
  RequestOptions request(String baseUrl) {
    return requests.computeIfAbsent(
        baseUrl,
        base -> {
          var at = BaseUrl.of(base);
          return new RequestOptions()
              .setMethod(HttpMethod.valueOf(method))
              .setSsl(at.tls())
              .setHost(at.host())
              .setPort(at.port())
              .setURI(at.path() + path);
        });
  }

  /** The request of one exchange, whose variables fill the path. */
  RequestOptions request(String baseUrl, Exchange exchange) {
    var request = request(baseUrl);
    if (!PathVariables.areIn(path)) return request;
    return new RequestOptions(request).setURI(PathVariables.fill(request.getURI(), exchange));
  }

  /** Whether the message's body travels; servers may refuse a GET with one (RFC 9110, 9.3.1). */
  boolean sendsBody() {
    return !method.equals("GET");
  }

  UpstreamClients clients() {
    return ((UpstreamComponent) getComponent()).clients();
  }

  String keyHeader() {
    return keyHeader;
  }

  boolean brief() {
    return brief;
  }

  boolean stream() {
    return stream;
  }
}
