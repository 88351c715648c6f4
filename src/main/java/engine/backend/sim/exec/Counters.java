package engine.backend.sim.exec;

/**
 * What one CPU thread counts during a launch, by step; those of all threads are added up in the
 * end.
 */
final class Counters {
  private final Step[] steps;
  private final Tracer tracer;
  final long[] issued;
  final long[] lanes;
  final long[] diverged;

  /** For accesses to memory: 32-byte sectors of global, or wavefronts of shared memory. */
  final long[] parts;

  final long[] requests;

  /** That the lanes of those requests asked for; what several lanes share counts once. */
  final long[] bytes;

  long barriers;

  Counters(Step[] steps, Tracer tracer) {
    this.steps = steps;
    this.tracer = tracer;
    issued = new long[steps.length];
    lanes = new long[steps.length];
    diverged = new long[steps.length];
    parts = new long[steps.length];
    requests = new long[steps.length];
    bytes = new long[steps.length];
  }

  /** Null unless a warp is traced. */
  Tracer tracer() {
    return tracer;
  }

  void issued(int step, int active) {
    issued[step]++;
    lanes[step] += Integer.bitCount(active);
  }

  void diverged(int step) {
    diverged[step]++;
  }

  void request(int step, int partsOfIt, int bytesOfIt) {
    requests[step]++;
    bytes[step] += bytesOfIt;
    parts[step] += partsOfIt;
  }

  void add(Counters other) {
    for (int i = 0; i < steps.length; i++) {
      issued[i] += other.issued[i];
      lanes[i] += other.lanes[i];
      diverged[i] += other.diverged[i];
      parts[i] += other.parts[i];
      requests[i] += other.requests[i];
      bytes[i] += other.bytes[i];
    }
    barriers += other.barriers;
  }

  /** Instructions times the threads that executed them. */
  long threadInstructions() {
    long sum = 0;
    for (int i = 0; i < steps.length; i++) {
      sum += lanes[i] * steps[i].instructions();
    }
    return sum;
  }

  long warpInstructions() {
    long sum = 0;
    for (int i = 0; i < steps.length; i++) {
      sum += issued[i] * steps[i].instructions();
    }
    return sum;
  }
}
