package io.caravan.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WindowsHostTest {

  private static final String ROUTES =
      "Iface\tDestination\tGateway \tFlags\neth0\t00000000\t01F01BAC\t0003\neth0\t00F01BAC\t00000000\t0001\n";

  @TempDir Path root;

  @Test
  void isTheGatewayAndTheNameServerOfWsl() throws IOException {
    file("proc/version", "Linux version 5.15.90.1-microsoft-standard-WSL2");
    file("proc/net/route", ROUTES);
    file("etc/resolv.conf", "# made by WSL\nnameserver 172.27.240.9\n");
    assertThat(WindowsHost.addresses(root)).containsExactly("172.27.240.1", "172.27.240.9");
  }

  @Test
  void isNotLookedForElsewhere() throws IOException {
    file("proc/version", "Linux version 6.1.0-18-amd64 (debian)");
    file("proc/net/route", ROUTES);
    assertThat(WindowsHost.addresses(root)).isEmpty();
    assertThat(WindowsHost.addresses(root.resolve("nowhere"))).isEmpty();
  }

  private void file(String name, String text) throws IOException {
    var file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
