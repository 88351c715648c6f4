package engine.train.budget;

import engine.base.Setting;
import engine.base.UserError;
import engine.console.Units;
import engine.recipe.Timetable;
import engine.recipe.Timetable.Stretch;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * From seconds to epochs. The larger pictures are, the better a network sees and the fewer passes
 * there is time for: the largest side that leaves {@link #PASSES} of them is taken, and the first
 * part of the run sees smaller pictures (progressive resizing), where there is time for two epochs.
 *
 * @param pace of this machine
 * @param batches of a pass over all training pictures
 * @param given what the user has said
 */
public record BudgetPlanner(Pace pace, int batches, Given given) {
  /** Passes that a run wants at least, from trained weights and from random ones. */
  static final double PASSES = 3;

  static final double PASSES_FROM_SCRATCH = 10;

  /** Sides that are tried, below the usual one. */
  private static final List<Integer> SIDES = List.of(192, 160, 128, 96);

  /** The side of the first part, of the whole, and that part's share of the time. */
  private static final double SMALL = 0.75;

  private static final double SMALL_SHARE = 0.4;
  private static final int LEAST_SMALL = 64;
  private static final int SIDE_STEP = 16;

  /** Share of the time that validations and checkpoints may take. */
  private static final double JUDGING = 0.12;

  private static final int MOST_EPOCHS = 100;

  /** Batches of a run that is worth its name. */
  private static final int LEAST_STEPS = 10;

  /** Share of the run in which the classifier alone is trained, at most. */
  private static final double HEAD = 0.1;

  /** Part of the time that is aimed at: what is slower than measured is less than this, mostly. */
  static final double AIM = 0.99;

  /**
   * What is not for the plan to choose.
   *
   * @param side of the pictures that the recipe has
   * @param sideIsFixed whether every epoch shall have it
   * @param epochs passes at most; 0 for as many as there is time for
   * @param headEpochs as the recipe has them
   * @param headIsFixed whether they shall stay so
   * @param pretrained whether the run starts from trained weights
   */
  public record Given(
      int side,
      boolean sideIsFixed,
      int epochs,
      double headEpochs,
      boolean headIsFixed,
      boolean pretrained) {
    /** Sides that the plan may choose of, the largest first. */
    public List<Integer> sides() {
      return sideIsFixed
          ? List.of(side)
          : IntStream.concat(
                  IntStream.of(side), SIDES.stream().mapToInt(s -> s).filter(s -> s < side))
              .boxed()
              .toList();
    }
  }

  /**
   * What was planned.
   *
   * @param side of the pictures in the end, and in evaluations
   */
  public record Plan(int side, double headEpochs, Timetable timetable) {}

  /** The side that there is time for. */
  public int side(double left) {
    double wanted = given.pretrained ? PASSES : PASSES_FROM_SCRATCH;
    if (given.epochs > 0) {
      wanted = Math.min(wanted, given.epochs);
    }
    double training = (left * AIM - pace.finish() - pace.start() - pace.epoch()) * (1 - JUDGING);
    for (int side : given.sides()) {
      if (training / (pace.step(side) * batches) >= wanted) {
        return side;
      }
    }
    return given.sides().getLast();
  }

  /**
   * @param seconds of the whole run
   * @param left of them
   * @throws UserError if that is not enough, which says what would be
   */
  public Plan plan(double seconds, double left, int side) {
    double training = left - (1 - AIM) * seconds - pace.finish();
    double least = Math.min(LEAST_STEPS, batches) * pace.step(side) + pace.start() + pace.epoch();
    if (training < least) {
      throw tooShort(seconds, seconds - training, least, side);
    }
    double passes = Math.max(0, training - pace.epoch()) / (pace.step(side) * batches);
    int small = small(side);
    boolean twoSizes = small < side && passes >= 2;
    List<Stretch> stretches =
        given.epochs > 0 && passes >= given.epochs
            ? List.of(new Stretch(given.epochs, batches, side))
            : twoSizes ? progressive(training, small, side) : List.of(even(training, side));
    Timetable timetable = new Timetable(stretches, List.of());
    if (given.epochs > 0 && timetable.steps() > (long) given.epochs * batches) {
      timetable = new Timetable(List.of(even(training, side)), List.of()); // small ones are many
    }
    double all = (double) timetable.steps() / batches;
    double head = given.headIsFixed ? given.headEpochs : Math.min(given.headEpochs, HEAD * all);
    return new Plan(side, Math.round(100 * head) / 100.0, timetable);
  }

  private List<Stretch> progressive(double training, int small, int side) {
    List<Stretch> out = new ArrayList<>();
    out.add(even(SMALL_SHARE * training, small));
    out.add(even((1 - SMALL_SHARE) * training, side));
    return out;
  }

  /** Epochs that fill a time: one a pass, or fewer where judging each would take too much of it. */
  private Stretch even(double seconds, int side) {
    double step = pace.step(side);
    double time = Math.max(0, seconds - pace.start());
    double epochs = Math.floor(time / (step * batches + pace.epoch()) + 0.5);
    int most = (int) Math.min(MOST_EPOCHS, JUDGING * time / pace.epoch());
    int n = (int) Math.clamp(epochs, 1, Math.max(1, most));
    return new Stretch(n, (int) Math.max(1, (time / n - pace.epoch()) / step), side);
  }

  /** The side of the first part; the same where pictures are small already. */
  private int small(int side) {
    if (given.sideIsFixed) {
      return side;
    }
    int small = (int) Math.round(SMALL * side / SIDE_STEP) * SIDE_STEP;
    return small < LEAST_SMALL ? side : small;
  }

  private UserError tooShort(double seconds, double around, double least, int side) {
    double pass = around + pace.step(side) * batches + pace.start() + pace.epoch();
    return new UserError(
        "%s %s is too short: starting, validation and report take %s here and the least training %s; one pass over the pictures at %d pixels needs %s %s"
            .formatted(
                Setting.MINUTES,
                shown(seconds),
                minutes(around),
                minutes(least),
                side,
                Setting.MINUTES,
                minutes(pass).split(" ")[0]));
  }

  private static String shown(double seconds) {
    return Units.compact(seconds / 60);
  }

  /** Rounded up: what is named is enough. */
  private static String minutes(double seconds) {
    return "%.1f minutes".formatted(Math.ceil(seconds / 6 + 0.001) / 10);
  }
}
