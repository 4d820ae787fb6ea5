package io.caravan.edge;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslProvider;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.spi.tls.DefaultSslContextFactory;
import io.vertx.core.spi.tls.SslContextFactory;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSessionContext;

/**
 * Gives each new connection the certificate of that moment. Vert.x' own change of it (4.5.24,
 * {@code HttpServer#updateSSLOptions}) fails those that come meanwhile; here one reference is
 * changed. The sessions of the old one go with it, so that none is resumed under it.
 */
final class PresentCertificate extends JdkSSLEngineOptions {

  private final List<Factory> factories = new ArrayList<>();
  private KeyManagerFactory keys;

  PresentCertificate(KeyManagerFactory keys) {
    this.keys = keys;
  }

  /**
   * Has new connections get another one from now on.
   *
   * @throws SSLException if it cannot be used; then all stays as it was
   */
  synchronized void use(KeyManagerFactory next) throws SSLException {
    var before = keys;
    keys = next;
    try {
      var contexts = new ArrayList<SslContext>();
      for (var factory : factories) contexts.add(factory.make());
      for (int i = 0; i < contexts.size(); i++) factories.get(i).live.now = contexts.get(i);
    } catch (SSLException | RuntimeException e) {
      keys = before;
      throw e;
    }
  }

  @Override
  public SslContextFactory sslContextFactory() {
    return new Factory();
  }

  /** Vert.x copies options before it uses them. */
  @Override
  public JdkSSLEngineOptions copy() {
    return this;
  }

  /** What Vert.x sets here counts for the contexts of all certificates. */
  private final class Factory extends DefaultSslContextFactory {

    private Live live;

    Factory() {
      super(SslProvider.JDK, false);
    }

    @Override
    public SslContext create() throws SSLException {
      synchronized (PresentCertificate.this) {
        live = new Live(make());
        factories.add(this);
        return live;
      }
    }

    private SslContext make() throws SSLException {
      keyMananagerFactory(keys);
      return super.create();
    }
  }

  /** A context that stands for the present one. */
  private static final class Live extends SslContext {

    private volatile SslContext now;

    Live(SslContext now) {
      this.now = now;
    }

    @Override
    public boolean isClient() {
      return now.isClient();
    }

    @Override
    public List<String> cipherSuites() {
      return now.cipherSuites();
    }

    @Override
    public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
      return now.applicationProtocolNegotiator();
    }

    @Override
    public SSLEngine newEngine(ByteBufAllocator memory) {
      return now.newEngine(memory);
    }

    @Override
    public SSLEngine newEngine(ByteBufAllocator memory, String host, int port) {
      return now.newEngine(memory, host, port);
    }

    @Override
    public SSLSessionContext sessionContext() {
      return now.sessionContext();
    }
  }
}
