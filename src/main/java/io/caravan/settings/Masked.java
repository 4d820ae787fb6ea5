package io.caravan.settings;

import java.util.regex.Pattern;

/** Secrets as they are shown: {@code sk-…f}. */
public final class Masked {

  private static final char ELLIPSIS = '…';
  private static final Pattern ASCII = Pattern.compile("[^.]{0,4}\\.{3}[^.]{0,4}");

  /** Of a shorter one, four characters would tell too much. */
  private static final int LEAST_CHARS = 9;

  private static final int SHOWN = 3;

  private Masked() {}

  /** What may be shown of a secret: null of none, only that it is there if it is short. */
  public static String of(String secret) {
    if (secret == null || secret.isEmpty()) return null;
    if (secret.length() < LEAST_CHARS) return String.valueOf(ELLIPSIS);
    return secret.substring(0, SHOWN) + ELLIPSIS + secret.charAt(secret.length() - 1);
  }

  /**
   * Whether a value that somebody sends is not a secret but the mask of one, which means that the
   * stored one stays. No key holds an ellipsis, since HTTP headers cannot carry it; three dots
   * between a few characters are one that was written in ASCII.
   *
   * @param secret the stored one, null if there is none
   */
  public static boolean isMask(String value, String secret) {
    if (value == null) return false;
    boolean shape = value.indexOf(ELLIPSIS) >= 0 || ASCII.matcher(value).matches();
    return shape || value.matches("\\*+") || value.equals(of(secret));
  }
}
