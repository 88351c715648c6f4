package engine.optim.schedule;

/**
 * {@code first} until {@code milestone}, then {@code second}, whose time starts at 0 there. The
 * usual linear warm-up followed by a cosine is {@link #linearThenCosine}.
 */
public record SequentialLR(LrSchedule first, LrSchedule second, long milestone)
    implements LrSchedule {
  static final ScheduleKind WARMUP_COSINE =
      new ScheduleKind(
          "warmup-cosine",
          true,
          (s, lr, total) ->
              linearThenCosine(
                  lr,
                  s.integer("warmup", Math.min(5, Math.max(0, total - 1))),
                  total,
                  s.number("start_factor", 0.01),
                  s.number("eta_min", 0)));

  public SequentialLR {
    if (milestone < 0) {
      throw new IllegalArgumentException("a milestone must be at least 0, not " + milestone);
    }
  }

  @Override
  public double lr(long t) {
    return t < milestone ? first.lr(t) : second.lr(t - milestone);
  }

  /**
   * torchvision's reference recipe: {@code SequentialLR([LinearLR(startFactor, total_iters=warmup),
   * CosineAnnealingLR(total - warmup, etaMin)], [warmup])}.
   */
  public static SequentialLR linearThenCosine(
      double baseLr, long warmup, long total, double startFactor, double etaMin) {
    if (warmup < 0 || warmup >= total) {
      throw new IllegalArgumentException(
          "a warm-up of %d does not fit into a run of %d; make it shorter than the run"
              .formatted(warmup, total));
    }
    return new SequentialLR(
        new LinearLR(baseLr, startFactor, 1, warmup),
        new CosineAnnealingLR(baseLr, total - warmup, etaMin),
        warmup);
  }

  /**
   * The other common warm-up, {@code LambdaLR} with (t+1)/warmup: it never uses a rate of 0 and
   * reaches {@code baseLr} one step before the cosine starts.
   */
  public static SequentialLR countedThenCosine(
      double baseLr, long warmup, long total, double etaMin) {
    if (warmup < 1 || warmup >= total) {
      throw new IllegalArgumentException(
          "a warm-up of %d does not fit into a run of %d; use 1 to %d"
              .formatted(warmup, total, total - 1));
    }
    return new SequentialLR(
        new LinearLR(baseLr, 1.0 / warmup, 1, warmup - 1),
        new CosineAnnealingLR(baseLr, total - warmup, etaMin),
        warmup);
  }
}
