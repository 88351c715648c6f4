package engine.train.budget;

import java.util.function.LongSupplier;

/** How much of its time a run has spent: all its commands together, from their first moment on. */
public final class BudgetClock {
  private final double seconds;
  private final LongSupplier nanos;
  private final long begun;
  private double before;

  /**
   * @param seconds that there are
   * @param already how long the command has been there
   */
  public BudgetClock(double seconds, double already) {
    this(seconds, already, System::nanoTime);
  }

  BudgetClock(double seconds, double already, LongSupplier nanos) {
    this.seconds = seconds;
    this.nanos = nanos;
    before = already;
    begun = nanos.getAsLong();
  }

  /** Adds what was spent before this command, of a run that goes on. */
  public void add(double earlier) {
    before += earlier;
  }

  /** Seconds that there were to begin with. */
  public double seconds() {
    return seconds;
  }

  public double spent() {
    return before + (nanos.getAsLong() - begun) / 1e9;
  }

  /** Seconds that are left; below 0 when they are over. */
  public double left() {
    return seconds - spent();
  }
}
