package bench;

/** Something to put under load: the upstream itself, the bare proxy, or the gateway. */
record Target(String name, int port, Proc proc) {

  static Target of(String name, Child child) {
    return new Target(name, child.port(), child.proc());
  }
}
