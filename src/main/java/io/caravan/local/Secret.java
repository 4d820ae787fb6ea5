package io.caravan.local;

import java.security.SecureRandom;
import java.util.HexFormat;

/** What a worker wants to hear before it answers: nobody else on the machine can use it. */
final class Secret {

  private static final SecureRandom RANDOM = new SecureRandom();

  private Secret() {}

  static String fresh() {
    var bytes = new byte[24];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
