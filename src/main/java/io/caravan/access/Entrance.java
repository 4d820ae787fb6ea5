package io.caravan.access;

import java.util.List;
import java.util.Set;

/**
 * Who may enter by a path, where access is controlled. This is the only place that says so; a path
 * that is not named here is for admins, so that no route is open by mistake.
 */
public enum Entrance {
  /** Everyone: whether the process lives, and the page's files, which hold no data. */
  OPEN,
  /** Every client with a key. */
  CLIENT,
  /** Clients with an admin's key. */
  ADMIN;

  private static final Set<String> OPEN_PATHS =
      Set.of("/", "/health", "/health/live", "/health/ready", "/live", "/ready");

  private static final List<String> OPEN_FOLDERS = List.of("/web/");

  private static final List<String> CLIENT_FOLDERS =
      List.of("/v1/", "/proxy/llm/", "/api/settings/llm/");

  private static final Set<String> CLIENT_PATHS =
      Set.of(
          "/api/me",
          "/api/settings/llm",
          "/llm/providers",
          "/local/chat/completions",
          "/api/v1/generate");

  /**
   * The entrance of a path.
   *
   * @param path normalized, as a route names it or a request
   */
  public static Entrance of(String path) {
    if (OPEN_PATHS.contains(path) || isIn(OPEN_FOLDERS, path)) return OPEN;
    return CLIENT_PATHS.contains(path) || isIn(CLIENT_FOLDERS, path) ? CLIENT : ADMIN;
  }

  /** Whether the client may enter here. */
  public boolean admits(Client client) {
    return this != ADMIN || client.isAdmin();
  }

  private static boolean isIn(List<String> folders, String path) {
    return folders.stream().anyMatch(path::startsWith);
  }
}
