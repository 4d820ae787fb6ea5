package io.caravan.settings;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

/**
 * The text of a properties file. {@link Properties} forgets the order of its keys; this does not.
 */
final class OrderedProperties {

  private OrderedProperties() {}

  /**
   * Adds what the file sets, in its order.
   *
   * @throws IOException naming the file, and what is wrong with it
   */
  static void read(Path file, Map<String, String> into) throws IOException {
    try (var reader = Files.newBufferedReader(file)) {
      read(reader, into);
    } catch (NoSuchFileException e) {
      throw new IOException(file + ": it is not there", e);
    } catch (CharacterCodingException e) {
      throw new IOException(file + ": it is not UTF-8", e);
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": a \\u in it is not followed by four hexadecimal digits", e);
    }
  }

  /** Adds what the text sets, in its order. */
  static void read(Reader reader, Map<String, String> into) throws IOException {
    var ordered =
        new Properties() {
          private static final long serialVersionUID = 1L;

          @Override
          public synchronized Object put(Object key, Object value) {
            return into.put(key.toString(), value.toString());
          }
        };
    ordered.load(reader);
  }
}
