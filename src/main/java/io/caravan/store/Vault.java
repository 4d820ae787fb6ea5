package io.caravan.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.caravan.errors.GatewayException;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.Base64;
import java.util.function.Supplier;
import javax.sql.DataSource;

/**
 * Seals the secrets that the database keeps. What is sealed belongs to its context, such as {@code
 * service/work-openai}: moved to another row it does not open. With a master key that is lost or
 * wrong nothing is opened, nothing is made anew and nothing is deleted. The first use reads the
 * database; it may block.
 */
public final class Vault {

  private static final String FORM = "v1.";

  private final Keyring ring;

  /**
   * @param source the open database, or an exception that says why it is not
   */
  public Vault(Supplier<DataSource> source, MasterKey master, Clock clock) {
    ring = new Keyring(source, master, clock);
  }

  /**
   * The secret as text for the database.
   *
   * @param context what it belongs to; it opens only there
   * @throws GatewayException.Conflict {@code secrets_locked} if the master key is lost or wrong
   */
  public String seal(String secret, String context) {
    try {
      var sealed = ring.keys().seal(secret.getBytes(UTF_8), context.getBytes(UTF_8));
      return FORM + Base64.getUrlEncoder().withoutPadding().encodeToString(sealed);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("sealing failed", e);
    }
  }

  /**
   * The secret that was sealed for this context.
   *
   * @throws GatewayException.Conflict {@code secrets_locked} if the master key is lost or wrong,
   *     {@code secret_unreadable} if this one secret is damaged or of another context
   */
  public String open(String sealed, String context) {
    var present = ring.keys();
    try {
      return opened(sealed, context, present);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      if (ring.changedSince(present)) return open(sealed, context); // by another node
      throw new GatewayException.Conflict(
          "The stored secret of %s cannot be read: it is damaged, or was sealed before the vault was begun anew. Enter it again."
              .formatted(context),
          "secret_unreadable");
    }
  }

  private static String opened(String sealed, String context, SealedKeys with)
      throws GeneralSecurityException {
    if (!sealed.startsWith(FORM)) throw new GeneralSecurityException("no sealed secret");
    var bytes = Base64.getUrlDecoder().decode(sealed.substring(FORM.length()));
    return new String(with.open(bytes, context.getBytes(UTF_8)), UTF_8);
  }

  /**
   * Changes the master key, if it is in a file, and the key that seals from now on; what was sealed
   * before still opens.
   *
   * @param forget whether to begin anew if the master key is lost or wrong: what was sealed before
   *     must then be entered again
   */
  public void rotate(boolean forget) {
    ring.rotate(forget);
  }
}
