package io.caravan;

import io.caravan.settings.CommandLine;
import io.caravan.settings.ListenAddress;
import io.caravan.settings.Locations;
import io.caravan.settings.Logging;
import io.caravan.settings.Sources;
import java.io.IOException;

/** Starts the gateway. */
public final class Caravan {

  private static final int WRONG_USAGE = 2;

  private Caravan() {}

  /** Runs the gateway until the process is stopped; see {@link CommandLine#USAGE}. */
  public static void main(String[] arguments) throws Exception {
    quietNetty();
    try {
      var asked = CommandLine.parse(arguments);
      if (asked.help()) {
        System.out.print(CommandLine.USAGE);
        return;
      }
      System.exit(gateway(asked).run());
    } catch (IllegalArgumentException | IOException e) {
      System.err.println("caravan: " + e.getMessage() + " (--help lists the options)");
      System.exit(WRONG_USAGE);
    }
  }

  /**
   * Java 24 and later print four lines of warning when Netty uses {@code sun.misc.Unsafe}
   * (https://openjdk.org/jeps/498); it does without where it is told to.
   */
  private static void quietNetty() {
    if (Runtime.version().feature() >= 24) System.setProperty("io.netty.noUnsafe", "true");
  }

  private static Gateway gateway(CommandLine asked) throws IOException {
    var sources = new Sources(asked.config(), Locations.here(), System.getenv(), asked.settings());
    var configuration = sources.read();
    Logging.configure(configuration);
    return new Gateway(configuration, sources, ListenAddress.of(configuration));
  }
}
