package engine.backend.cpu.runtime;

/**
 * Decides from what the compute threads suffered whether they have the processors to themselves.
 *
 * <p>The measure is the share of waiting for a processor in the time that they wanted one. On two
 * cores with a long spin it is 0.35 and above beside one busy thread, where a short one is faster,
 * and under 0.2 beside something that runs a third of the time, where the long one is. With a short
 * spin it says less: what others do in the pauses may be what they would not get otherwise. So
 * there the long one is tried now and then, for a moment.
 */
final class Crowding {
  private static final double ON = 0.25;
  private static final double OFF = 0.2;
  private static final double SECOND = 1e9;
  private static final double FIRST_TRIAL = 2 * SECOND;
  private static final double RAREST_TRIAL = 16 * SECOND;

  /** Below it there is no work to speak of, and nothing to learn. */
  private static final double IDLE = 0.1;

  /** What is past fades with a time constant. */
  private static final class Share {
    private final double nanos;
    private double ran;
    private double waited;

    Share(double nanos) {
      this.nanos = nanos;
    }

    double after(long elapsed, RunDelays.Reading r) {
      double kept = Math.exp(-elapsed / nanos);
      ran = ran * kept + r.ran();
      waited = waited * kept + r.waited();
      return waited / (ran + waited);
    }
  }

  private boolean crowded;

  /** Of a tenth of a second, or with a short spin of a second. */
  private Share share = new Share(SECOND / 10);

  /** Nanoseconds of work since the state last changed. */
  private double since;

  private double untilTrial = FIRST_TRIAL;

  /** Whether the threads did too little in {@code elapsed} to tell. */
  static boolean isIdle(long elapsed, RunDelays.Reading r) {
    return r.ran() + r.waited() < IDLE * elapsed;
  }

  /**
   * Whether the spin should be short from now on: so within a tenth of a second of company, and no
   * longer some seconds after it has gone.
   *
   * @param elapsed nanoseconds
   * @param r what happened in them, with the spin as this said before
   */
  boolean after(long elapsed, RunDelays.Reading r) {
    if (isIdle(elapsed, r)) {
      return crowded;
    }
    double now = share.after(elapsed, r);
    since += elapsed;
    if (crowded) {
      if (since >= untilTrial || since >= SECOND && now < OFF) {
        become(false);
      }
    } else if (now > ON) {
      untilTrial = since < SECOND ? Math.min(2 * untilTrial, RAREST_TRIAL) : FIRST_TRIAL;
      become(true);
    }
    return crowded;
  }

  private void become(boolean state) {
    crowded = state;
    since = 0;
    share = new Share(state ? SECOND : SECOND / 10);
  }
}
