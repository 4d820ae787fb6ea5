package io.caravan.files;

import java.net.URI;
import java.nio.file.Path;

/**
 * A file that somebody wants to have here.
 *
 * @param source where it comes from
 * @param whole where it will be
 * @param sha256 what its checksum must be, null if nobody says
 * @param update whether it replaces the one that is there
 */
record Order(URI source, Path whole, String sha256, boolean update) {}
