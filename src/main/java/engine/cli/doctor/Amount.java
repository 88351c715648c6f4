package engine.cli.doctor;

/** Numbers with their units. */
final class Amount {
  private Amount() {}

  /** {@code 1 core}, {@code 2 cores}. */
  static String of(long n, String noun) {
    return n + " " + noun + (n == 1 ? "" : "s");
  }

  /** Bytes in the largest binary unit that leaves at least one, such as {@code 23.4 GiB}. */
  static String bytes(long n) {
    if (n < 1L << 30) {
      return (n >> 20) + " MiB";
    }
    return "%.1f GiB".formatted(n / (double) (1L << 30));
  }
}
