package io.caravan.edge;

import io.caravan.access.Access;
import io.caravan.access.Audit;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpEngine;

/**
 * A {@code platform-http} engine that parks no thread: the stock one holds a worker for as long as
 * a call takes, and buffers streams (Camel 4.18.0, {@code
 * VertxPlatformHttpConsumer#handleRequest}). Bound in the registry as {@code platform-http-engine}.
 */
public final class AsyncHttpEngine extends VertxPlatformHttpEngine implements AutoCloseable {

  private static final String ROUTER = OrderedRouter.PLATFORM_HTTP_ROUTER_NAME_ZERO;

  private static final long LAST_WORDS_NANOS = 1_000_000_000;

  private final AtomicInteger inFlight = new AtomicInteger();
  private final Vertx vertx;
  private final ServerOptions options;
  private final EdgeErrors errors;
  private final EdgeServer server;
  private final Door door;
  private final Access access;
  private final Budget budget = Budget.ofHeap(0);
  private final Processor failures;
  private volatile CallListener listener = (exchange, figures) -> {};

  /**
   * An engine that answers nobody yet, see {@link #open}.
   *
   * @param failures makes an answer of the exception that a route ends with
   */
  public AsyncHttpEngine(Vertx vertx, ServerOptions options, Processor failures) {
    this(vertx, options, failures, null);
  }

  /**
   * The same where not everyone may come in.
   *
   * @param access who may; null for everyone
   */
  public AsyncHttpEngine(Vertx vertx, ServerOptions options, Processor failures, Access access) {
    this.vertx = vertx;
    this.failures = failures;
    this.options = options;
    errors = new EdgeErrors(options.maxBodyBytes());
    this.access = access;
    door = access == null ? null : new Door(access);
    server = new EdgeServer(vertx, options, errors, door);
  }

  /**
   * Begins to listen, which takes a while, beside the rest of the start.
   *
   * @throws IOException if the certificate cannot be read
   */
  public void listen() throws IOException {
    server.listen();
  }

  /**
   * Answers from now on who has come and who comes. While routes are still being added, those that
   * find none wait for {@link #complete}.
   *
   * @throws IOException if nobody can listen there
   */
  public void open() throws IOException {
    server.open();
  }

  /** All routes are there. */
  public void complete() {
    server.complete();
  }

  /** From now on nobody is let in; that the process lives is still told. */
  public void stopping() {
    server.stopping();
  }

  /** Closes the port, once what was cut short has been told so, for a bounded time. */
  @Override
  public void close() {
    long end = System.nanoTime() + LAST_WORDS_NANOS;
    while (inFlight() > 0 && System.nanoTime() < end) LockSupport.parkNanos(10_000_000);
    server.close();
  }

  /** Sets who hears of calls that are over. */
  public void tell(CallListener hears) {
    listener = hears;
  }

  /** Calls that have come in and are not wholly answered, or whose work is not yet ended. */
  public int inFlight() {
    return inFlight.get();
  }

  @Override
  public int getServerPort() {
    return server.port();
  }

  @Override
  public void setCamelContext(CamelContext context) {
    if (getCamelContext() == context) return; // every endpoint says it again
    super.setCamelContext(context);
    context.getRegistry().bind(ROUTER, new OrderedRouter(vertx, server.router()));
  }

  @Override
  public PlatformHttpConsumer createConsumer(PlatformHttpEndpoint endpoint, Processor processor) {
    endpoint.setUseBodyHandler(false); // an InboundCall reads its body itself
    if ("GET".equals(endpoint.getHttpMethodRestrict())) endpoint.setHttpMethodRestrict("GET,HEAD");
    return new AsyncHttpConsumer(endpoint, processor, this, ROUTER);
  }

  /** Who may come in; null for everyone. */
  Door door() {
    return door;
  }

  Audit audit() {
    return access == null ? null : access.audit();
  }

  EdgeErrors errors() {
    return errors;
  }

  Processor failures() {
    return failures;
  }

  Budget budget() {
    return budget;
  }

  ServerOptions options() {
    return options;
  }

  CallListener listener() {
    return listener;
  }

  Turns turns() {
    return server.turns();
  }

  /** A call more, or one less. */
  void count(int change) {
    inFlight.addAndGet(change);
  }
}
