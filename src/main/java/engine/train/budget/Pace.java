package engine.train.budget;

import java.util.Map;
import java.util.TreeMap;

/**
 * What the parts of a run take on this machine, in seconds, as they were measured before it began.
 *
 * @param steps of a training step, by the side of its pictures; another side is judged by its area
 * @param start what the first steps of a shape take beyond that
 * @param validation of all that is held out
 * @param save of a checkpoint
 * @param finish from the last epoch's checkpoint to the command's end
 */
public record Pace(
    Map<Integer, Double> steps, double start, double validation, double save, double finish) {
  /** A step that trains the classifier alone needs the forward, and little of the backward. */
  private static final double HEAD_SHARE = 0.45;

  public Pace {
    steps = new TreeMap<>(steps);
  }

  /** A step with everything trained. */
  public double step(int side) {
    TreeMap<Integer, Double> known = (TreeMap<Integer, Double>) steps;
    Double there = known.get(side);
    if (there != null) {
      return there;
    }
    var first = known.firstEntry();
    var last = known.lastEntry();
    if (first.getKey().equals(last.getKey())) {
      return first.getValue() * area(side) / area(first.getKey());
    }
    double slope =
        (last.getValue() - first.getValue()) / (area(last.getKey()) - area(first.getKey()));
    double least = Math.min(first.getValue(), last.getValue()) * 0.1;
    return Math.max(least, first.getValue() + slope * (area(side) - area(first.getKey())));
  }

  public double step(int side, boolean headOnly) {
    return headOnly ? step(side) * HEAD_SHARE : step(side);
  }

  /** What an epoch takes beside its steps. */
  public double epoch() {
    return validation + save;
  }

  private static double area(int side) {
    return (double) side * side;
  }
}
