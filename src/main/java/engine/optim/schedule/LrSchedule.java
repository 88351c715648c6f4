package engine.optim.schedule;

/**
 * The learning rate as a function of time.
 *
 * <p>Time t is what PyTorch calls {@code last_epoch}: the number of {@code scheduler.step()} calls
 * so far. Whether it counts epochs or optimiser steps is the caller's choice, and the extents in a
 * schedule ({@code tMax}, {@code stepSize}, ...) are in the same unit. PyTorch computes some
 * schedules recursively from the last value; these closed forms differ from that by rounding only
 * (below 1e-15 relative to the base rate) and need no state.
 */
public interface LrSchedule {
  /** The learning rate at time {@code t >= 0}, the first being 0. */
  double lr(long t);
}
