package engine.cli.doctor;

/**
 * One thing found out about the machine.
 *
 * @param topic a word or two, such as {@code huge pages}
 * @param value what there is
 * @param advice what would make it better; null where all is well
 */
public record Finding(String topic, State state, String value, String advice) {
  /** SLOW: it works, but not at its best. MISSING: something cannot be used here. */
  public enum State {
    OK,
    SLOW,
    MISSING
  }

  static Finding ok(String topic, String value) {
    return new Finding(topic, State.OK, value, null);
  }

  static Finding slow(String topic, String value, String advice) {
    return new Finding(topic, State.SLOW, value, advice);
  }

  static Finding missing(String topic, String value, String advice) {
    return new Finding(topic, State.MISSING, value, advice);
  }
}
