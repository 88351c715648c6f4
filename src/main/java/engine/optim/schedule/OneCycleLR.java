package engine.optim.schedule;

/**
 * The one-cycle policy (Smith and Topin 2018) with cosine annealing in two phases: up from {@code
 * maxLr / divFactor} to {@code maxLr} during the first {@code pctStart} of the run, then down to
 * the initial rate divided by {@code finalDivFactor} at {@code totalSteps - 1}.
 *
 * <p>Past its end the rate stays at its last value; PyTorch raises an error there.
 */
public record OneCycleLR(
    double maxLr, long totalSteps, double pctStart, double divFactor, double finalDivFactor)
    implements LrSchedule {
  static final ScheduleKind KIND =
      new ScheduleKind(
          "onecycle",
          true,
          (s, lr, total) ->
              new OneCycleLR(
                  s.number("max_lr", lr),
                  total,
                  s.number("pct_start", 0.3),
                  s.number("div_factor", 25),
                  s.number("final_div_factor", 1e4)));

  public OneCycleLR {
    ScheduleChecks.lr("max_lr", maxLr);
    ScheduleChecks.positive("total_steps", totalSteps);
    ScheduleChecks.share("pct_start", pctStart);
    ScheduleChecks.positive("div_factor", divFactor);
    ScheduleChecks.positive("final_div_factor", finalDivFactor);
  }

  /** PyTorch's defaults: pct_start 0.3, div_factor 25, final_div_factor 1e4. */
  public OneCycleLR(double maxLr, long totalSteps) {
    this(maxLr, totalSteps, 0.3, 25, 1e4);
  }

  @Override
  public double lr(long t) {
    double initial = maxLr / divFactor;
    double peak = pctStart * totalSteps - 1; // PyTorch's: steps count from 0, and may be fractional
    double last = totalSteps - 1;
    return t <= peak
        ? anneal(initial, maxLr, t, 0, peak)
        : anneal(maxLr, initial / finalDivFactor, t, Math.min(peak, last), last);
  }

  private static double anneal(double start, double end, double t, double from, double to) {
    double pct = to > from ? Math.min(1, (t - from) / (to - from)) : 1;
    return end + (start - end) / 2 * (1 + Math.cos(Math.PI * pct));
  }
}
