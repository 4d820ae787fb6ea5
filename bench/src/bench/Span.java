package bench;

/** A stretch of time and the CPU that a process and the load generator used in it. */
record Span(Proc proc, long startedAt, long cpuAtStart, long loadCpuAtStart) {

  /** What was used; cpuMicros is the measured process's. */
  record Used(double seconds, long cpuMicros, double loadCores) {}

  static Span start(Proc proc) {
    return new Span(proc, System.nanoTime(), proc.cpuMicros(), Proc.self().cpuMicros());
  }

  Used end() {
    double seconds = (System.nanoTime() - startedAt) / 1e9;
    long loadCpu = Proc.self().cpuMicros() - loadCpuAtStart;
    return new Used(seconds, proc.cpuMicros() - cpuAtStart, loadCpu / 1e6 / seconds);
  }
}
