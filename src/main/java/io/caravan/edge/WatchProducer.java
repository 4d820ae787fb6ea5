package io.caravan.edge;

import io.caravan.errors.GatewayException;
import io.caravan.routing.Target;
import io.caravan.streaming.AnswerStream;
import io.caravan.streaming.Cancellation;
import io.vertx.core.Context;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketConnectOptions;
import java.net.InetAddress;
import java.util.Map;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultAsyncProducer;

/**
 * Begins to watch a service for one exchange; the watching ends with the exchange at the latest.
 */
final class WatchProducer extends DefaultAsyncProducer {

  private static final GuardedAddress GUARDED = new GuardedAddress(InetAddress::getAllByName);

  private final WatchEndpoint endpoint;

  WatchProducer(WatchEndpoint endpoint) {
    super(endpoint);
    this.endpoint = endpoint;
  }

  @Override
  public boolean process(Exchange exchange, AsyncCallback callback) {
    var target = exchange.getVariable(Target.VARIABLE, Target.class);
    var context = exchange.getProperty(EdgeContext.PROPERTY, Context.class);
    var loop = context == null ? endpoint.component().clients().anyLoop() : context;
    if (!endpoint.socket()) {
      watch(exchange, polled(exchange, target, loop));
      callback.done(true);
      return true;
    }
    EdgeContext.run(loop, () -> connect(exchange, target, callback));
    return false;
  }

  private PolledStream polled(Exchange exchange, Target target, Context loop) {
    var headers =
        UpstreamHeaders.toSend(exchange, target.apiKey(), UpstreamEndpoint.AUTHORIZATION, false);
    var request =
        new UpstreamRequest(
            endpoint.request(target.url(), exchange),
            headers,
            null,
            null,
            false,
            false,
            false,
            target.service().limits().brief(),
            target.service().limits().brief());
    return new PolledStream(
        endpoint.component().clients(), loop, exchange, target, request, endpoint.everyMillis());
  }

  private void connect(Exchange exchange, Target target, AsyncCallback callback) {
    var limits = target.service().limits();
    var options = new WebSocketConnectOptions();
    var at = endpoint.request(target.url(), exchange);
    options.setSsl(at.isSsl()).setHost(at.getHost()).setPort(at.getPort()).setURI(at.getURI());
    options.setConnectTimeout(limits.connect().toMillis()).setTimeout(limits.brief().toMillis());
    authorization(target).forEach(options::addHeader);
    var sockets = endpoint.component().sockets(target.service().verifyCert());
    endpoint
        .component()
        .clients()
        .vertx()
        .executeBlocking(() -> GUARDED.of(at.getHost(), at.getPort(), target), false)
        .compose(address -> sockets.connect(options.setServer(address)))
        .onComplete(
            opened -> {
              if (opened.failed()) exchange.setException(failure(target, opened.cause()));
              else watch(exchange, socket(opened.result(), target));
              callback.done(false);
            });
  }

  private static GatewayException failure(Target target, Throwable cause) {
    return cause instanceof GatewayException known
        ? known
        : ConnectFailure.of(target, cause, false);
  }

  /** One that nobody comes to listen to, because what was to follow has failed, is closed. */
  private SocketStream socket(WebSocket opened, Target target) {
    var stream = new SocketStream(opened, target.apiKey());
    long patience = 2 * target.service().limits().brief().toMillis();
    endpoint.component().clients().vertx().setTimer(patience, id -> stream.closeUnheard());
    return stream;
  }

  private static Map<String, String> authorization(Target target) {
    return target.apiKey() == null
        ? Map.of()
        : Map.of(UpstreamEndpoint.AUTHORIZATION, "Bearer " + target.apiKey());
  }

  private static void watch(Exchange exchange, AnswerStream<?> stream) {
    exchange.getMessage().setBody(stream);
    var cancellation = exchange.getProperty(Cancellation.PROPERTY, Cancellation.class);
    if (cancellation != null) cancellation.onCancel(stream::cancel);
  }
}
