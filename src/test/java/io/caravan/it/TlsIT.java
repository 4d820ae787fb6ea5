package io.caravan.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that speaks HTTPS. */
class TlsIT {

  private static final String PASSWORD = "changeit";

  /** One for all connections: their sessions could be resumed, and must not show what is gone. */
  private static final SSLContext CONTEXT = trustingAll();

  @TempDir Path folder;

  @Test
  void takesAChangedCertificateWithoutARestart() throws Exception {
    make("one");
    int port = Launch.freePort();
    var launch =
        Launch.with(
            "caravan.server.tls-certificate=" + folder.resolve("cert.pem"),
            "caravan.server.tls-key=" + folder.resolve("key.pem"));
    try (var gateway = launch.begin(port)) {
      Await.until("it answers", () -> "CN=one".equals(subject(port)));
      assertThat(gateway.console()).doesNotContain("ERROR");
      assertThat(get(port)).startsWith("HTTP/1.1 200").contains("{\"status\":\"ok\"}");
      Files.writeString(folder.resolve("cert.pem"), "damaged");
      Await.until("it tells", () -> gateway.console().contains("the old one stays"));
      assertThat(subject(port)).isEqualTo("CN=one");
      var told = gateway.console().length();
      make("two");
      Await.until("it takes the new one", () -> "CN=two".equals(shown(port)));
      var key = Files.readString(folder.resolve("key.pem"));
      make("three");
      Files.writeString(folder.resolve("key.pem"), key); // which is of the second
      Await.until(
          "it tells",
          () -> gateway.console().substring(told).contains("the key is not the certificate's"));
      assertThat(subject(port)).isEqualTo("CN=two");
      make("four");
      Await.until("it takes the next one", () -> "CN=four".equals(shown(port)));
      var four = gateway.console().length();
      Files.delete(folder.resolve("cert.pem"));
      Await.until(
          "it tells", () -> gateway.console().substring(four).contains("the old one stays"));
      assertThat(subject(port)).isEqualTo("CN=four");
      assertThat(gateway.console()).doesNotContain("WARN").doesNotContain("\tat ");
    }
  }

  @Test
  void startsWithNoKeyThatIsNotTheCertificates() throws Exception {
    make("one");
    var key = Files.readString(folder.resolve("key.pem"));
    make("two");
    Files.writeString(folder.resolve("key.pem"), key);
    var launch = Launch.plain().argument("--port", "0");
    launch.file(
        "caravan.properties",
        "caravan.server.tls-certificate=%s\ncaravan.server.tls-key=%s"
            .formatted(folder.resolve("cert.pem"), folder.resolve("key.pem")));
    var ended = launch.run();
    assertThat(ended.exit()).isEqualTo(2);
    assertThat(ended.console()).contains("the key is not the certificate's");
    assertThat(ended.console()).doesNotContain("\tat ");
  }

  @Test
  void saysWhichFileIsMissing() throws Exception {
    make("one");
    var launch = Launch.plain().argument("--port", "0");
    launch.file(
        "caravan.properties", "caravan.server.tls-certificate=" + folder.resolve("cert.pem"));
    var ended = launch.run();
    assertThat(ended.exit()).isEqualTo(2);
    assertThat(ended.console()).contains("caravan.server.tls-key is not set");
  }

  /** The subject of the certificate that the server shows, null if there is none. */
  private static String subject(int port) {
    try (var socket = connect(port)) {
      var shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      return shown.getSubjectX500Principal().getName();
    } catch (Exception notYet) {
      return null;
    }
  }

  /** The same, which must be there at any moment. */
  private static String shown(int port) {
    var subject = subject(port);
    assertThat(subject).as("a handshake while the certificate changes").isNotNull();
    return subject;
  }

  private static String get(int port) throws Exception {
    try (var socket = connect(port)) {
      var request = "GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes());
      return new String(socket.getInputStream().readAllBytes());
    }
  }

  private static SSLSocket connect(int port) throws Exception {
    var socket = (SSLSocket) CONTEXT.getSocketFactory().createSocket("127.0.0.1", port);
    socket.setSoTimeout(10_000);
    socket.startHandshake();
    return socket;
  }

  private static SSLContext trustingAll() {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new TrustAll()}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private void make(String name) throws Exception {
    var store = folder.resolve(name + ".p12");
    var making =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-validity",
                "2",
                "-dname",
                "CN=" + name,
                "-alias",
                "a",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                store.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool.txt").toFile())
            .start();
    assertThat(making.waitFor(1, TimeUnit.MINUTES)).isTrue();
    var keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    pem("key.pem", "PRIVATE KEY", keys.getKey("a", PASSWORD.toCharArray()).getEncoded());
    pem("cert.pem", "CERTIFICATE", keys.getCertificate("a").getEncoded());
  }

  private void pem(String file, String what, byte[] bytes) throws IOException {
    var text = Base64.getMimeEncoder().encodeToString(bytes);
    Files.writeString(
        folder.resolve(file),
        "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(what, text, what));
  }

  /** The test's own certificates are nobody's to vouch for. */
  private static final class TrustAll implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
