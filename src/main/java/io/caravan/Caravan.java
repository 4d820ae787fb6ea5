package io.caravan;

import io.caravan.cli.Cli;
import io.caravan.settings.CommandLine;
import io.caravan.settings.ListenAddress;
import io.caravan.settings.Locations;
import io.caravan.settings.Logging;
import io.caravan.settings.Sources;
import java.io.IOException;
import java.util.Arrays;

/** Starts the gateway, or does what a subcommand says. */
public final class Caravan {

  private static final int FAILED = 1;
  private static final int WRONG_USAGE = 2;

  private Caravan() {}

  /**
   * Runs the gateway until the process is stopped, or one command; see {@link CommandLine#USAGE}.
   */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length > 0 && Cli.knows(arguments[0])) {
      System.exit(Cli.run(arguments, System.getenv()));
    }
    quietNetty();
    try {
      var asked = CommandLine.parse(withoutStart(arguments));
      if (asked.help()) {
        System.out.print(CommandLine.USAGE);
        return;
      }
      System.exit(gateway(asked).run());
    } catch (IllegalArgumentException | IOException e) {
      System.err.println("caravan: " + e.getMessage() + " (--help lists the options)");
      System.exit(WRONG_USAGE);
    } catch (Exception | LinkageError defect) {
      defect.printStackTrace();
      System.exit(FAILED); // threads that run already would keep a lame process alive
    }
  }

  private static String[] withoutStart(String[] arguments) {
    boolean start = arguments.length > 0 && arguments[0].equals("start");
    return start ? Arrays.copyOfRange(arguments, 1, arguments.length) : arguments;
  }

  /**
   * Java 24 and later print four lines of warning when Netty uses {@code sun.misc.Unsafe}
   * (https://openjdk.org/jeps/498); it does without where it is told to.
   */
  private static void quietNetty() {
    if (Runtime.version().feature() >= 24) System.setProperty("io.netty.noUnsafe", "true");
  }

  private static Gateway gateway(CommandLine asked) throws IOException {
    var ahead = Ahead.begin();
    var sources = new Sources(asked.config(), Locations.here(), System.getenv(), asked.settings());
    var configuration = sources.read();
    Logging.configure(configuration);
    return new Gateway(configuration, sources, ListenAddress.of(configuration), ahead);
  }
}
