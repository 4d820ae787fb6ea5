package io.caravan.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.access.UrlGuard.Reach;
import io.caravan.errors.GatewayException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UrlGuardTest {

  private static final Map<String, String> NAMES =
      Map.of(
          "public.test",
          "93.184.216.34",
          "near.test",
          "192.168.1.7",
          "cloud.test",
          "169.254.169.254");

  private final UrlGuard guard = new UrlGuard(UrlGuardTest::addresses);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://169.254.169.254/latest/meta-data",
        "http://[fe80::1]/",
        "http://0.0.0.0:8080",
        "http://[::]/",
        "http://[::ffff:169.254.169.254]/",
        "http://[::ffff:0:a9fe:a9fe]/",
        "http://[64:ff9b::a9fe:a9fe]/",
        "http://[2002:a9fe:a9fe::1]/",
        "http://[fd00:ec2::254]/",
        "http://metadata.google.internal/",
        "http://METADATA.google.internal./",
        "http://cloud.test",
        "http://100.100.100.200",
        "http://224.0.0.1",
        "http://255.255.255.255",
        "http://2852039166/",
        "http://0xa9fea9fe",
        "http://0251.0376.0251.0376",
        "http://169.254.43518",
        "http://0/",
        "http://127.1/",
        "http://user:secret@public.test",
        "file:///etc/passwd",
        "ftp://public.test",
        "gopher://public.test",
        "http:///x",
        "http://",
        "public.test",
        "jdbc:h2:mem:x",
        "http://127.0.0.1:65536/",
        "http://\u2460\u2465\u2468.254.169.254", // digits in circles
        "http://\uff11\uff16\uff19.254.169.254/", // of full width
        "http://169\u3002254\uff0e169\uff61254", // other full stops
        "http://169\u2024254.169.254", // a leader's dot
        "http://\u0661\u0666\u0669.254.169.254", // digits of Arabic
        "http://\uff10xa9fea9fe",
        "http://\uff4detadata.google.internal",
        "http://metadata\u3002google.internal.",
        "http://meta\u00addata.google.internal", // a soft hyphen
        "http://meta\u200bdata.google.internal", // no width
        "http://meta\u2060data.google.internal",
        "http://\u24a8etadata.google.internal", // (m)
        "http://b\u00fccher.test",
        "http://x\u2100y.test", // holds a slash
        "http://a..b",
        "http://\u0378.test" // is no letter
      })
  void neverLetsPass(String url) {
    for (boolean admin : new boolean[] {true, false}) {
      assertThatThrownBy(() -> guard.forField("urls").check(uri(url), admin))
          .hasMessageContaining("The URL in 'urls'")
          .hasMessageNotContaining("secret");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:11434", "http://localhost:1234", "http://[::1]:1234", "http://10.1.2.3",
        "http://192.168.1.5:8000", "http://172.20.0.2", "http://near.test", "http://[fd12::1]",
        "http://100.64.0.1", "http://[::ffff:127.0.0.1]", "http://[::7f00:1]"
      })
  void letsOnlyAdminsCallWhatIsNear(String url) {
    assertThatCode(() -> guard.check(uri(url), true)).doesNotThrowAnyException();
    assertThatThrownBy(() -> guard.check(uri(url), false)).hasMessageContaining("only admins");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://public.test/v1",
        "http://93.184.216.34",
        "https://[2606:2800::1]:8443",
        "http://no-such.test",
        "http://my_box.test"
      })
  void letsOthersPass(String url) {
    assertThatCode(() -> guard.check(uri(url), false)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://\u2460\u2465\u2468.254.169.254",
        "http://\uff4detadata.google.internal",
        "http://meta\u00addata.goog",
        "http://\uff4c\uff4fcalhost",
        "http://b\u00fccher.test"
      })
  void looksUpNoNameThatIsNotAscii(String url) {
    var untouched =
        new UrlGuard(
            host -> {
              throw new AssertionError(host + " is looked up");
            });
    assertThatThrownBy(() -> untouched.check(uri(url), true))
        .isInstanceOf(GatewayException.InvalidRequest.class)
        .hasMessageContaining("The URL in 'url'");
  }

  @Test
  void tellsHowToWriteANameOfOtherLetters() {
    assertThatThrownBy(() -> guard.check(uri("http://b\u00fccher.test"), true))
        .hasMessageContaining("as 'xn--bcher-kva.test'");
    assertThatThrownBy(() -> guard.check(uri("http://\uff4detadata.goog"), true))
        .hasMessageContaining("'metadata.goog', an address that Caravan never calls");
    assertThatCode(() -> guard.check(uri("http://xn--bcher-kva.test"), false))
        .doesNotThrowAnyException();
  }

  @Test
  void judgesConnectionsByTheirAddress() throws Exception {
    assertThat(UrlGuard.reach(InetAddress.getByName("169.254.169.254"))).isEqualTo(Reach.NEVER);
    assertThat(UrlGuard.reach(InetAddress.getByName("127.0.0.1"))).isEqualTo(Reach.NEAR);
    assertThat(UrlGuard.reach(InetAddress.getByName("93.184.216.34"))).isEqualTo(Reach.FAR);
    assertThat(UrlGuard.reach("169.254.169.254")).isEqualTo(Reach.NEVER);
    assertThat(UrlGuard.reach("fe80::1")).isEqualTo(Reach.NEVER);
    assertThat(UrlGuard.reach("::1")).isEqualTo(Reach.NEAR);
    assertThat(UrlGuard.reach("a:b")).isEqualTo(Reach.NEVER);
    assertThat(UrlGuard.reach("::1%lo")).isEqualTo(Reach.NEAR);
    assertThat(UrlGuard.reach("\u2460\u2465\u2468.254.169.254")).isEqualTo(Reach.NEVER);
    assertThat(UrlGuard.reach("b\u00fccher.test")).isEqualTo(Reach.FAR);
    assertThat(UrlGuard.reach("a-name.test")).as("is not looked up").isEqualTo(Reach.FAR);
  }

  private static URI uri(String url) {
    try {
      return new URI(url);
    } catch (java.net.URISyntaxException e) {
      return URI.create(url.replaceFirst("^http://$", "http:x"));
    }
  }

  /** No query leaves the machine: literals are read, other names are in the table. */
  private static InetAddress[] addresses(String host) throws UnknownHostException {
    if (host.equals("localhost")) return new InetAddress[] {InetAddress.getLoopbackAddress()};
    if (host.matches("[0-9.]+|.*:.*")) return InetAddress.getAllByName(host);
    var address = NAMES.get(host);
    if (address == null) throw new UnknownHostException(host);
    return InetAddress.getAllByName(address);
  }
}
