package engine.recipe;

import engine.base.Setting;
import engine.base.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The epochs of a run that has so much time and no more: how many batches each has, and pictures of
 * which side (progressive resizing: Howard 2018, in fast.ai's entry to DAWNBench). As text, {@code
 * 2x137@96,3x120@128}: two epochs of 137 batches at 96 pixels, then three of 120 at 128.
 *
 * <p>Where the rest was made shorter or longer on the way, each change stands as {@code
 * STEP:STEPS}: from that batch on, the whole run has so many. The first, {@code 0:STEPS}, is how
 * many were planned to begin with. A schedule is laid over that number; from a change on, its time
 * runs faster or slower, so that it still ends when the run does.
 *
 * @param stretches in their order
 * @param changes in their order; empty where there was none
 */
public record Timetable(List<Stretch> stretches, List<Change> retimed) {
  private static final Pattern STRETCH = Pattern.compile("(?:(\\d{1,6})x)?(\\d{1,9})@(\\d{1,4})");
  private static final Pattern CHANGE = Pattern.compile("(\\d{1,12}):(\\d{1,12})");

  /**
   * Epochs that are alike.
   *
   * @param batches of each
   * @param side of the pictures, in pixels
   */
  public record Stretch(int epochs, int batches, int side) {
    public Stretch {
      RecipeChecks.that(
          epochs >= 1 && batches >= 1 && side >= 8 && side <= 4096,
          "%s: an epoch has one batch or more, of pictures of 8 to 4096 pixels; not %dx%d@%d"
              .formatted(Setting.TIMETABLE, epochs, batches, side));
    }

    @Override
    public String toString() {
      return (epochs == 1 ? "" : epochs + "x") + batches + "@" + side;
    }
  }

  /**
   * @param from batch of the run, from 0
   * @param steps batches of the whole run from there on
   */
  public record Change(long from, long steps) {
    @Override
    public String toString() {
      return from + ":" + steps;
    }
  }

  public Timetable {
    stretches = List.copyOf(stretches);
    retimed = List.copyOf(retimed);
    RecipeChecks.that(!stretches.isEmpty(), Setting.TIMETABLE + " has no epoch");
    long all = 0;
    for (Stretch s : stretches) {
      all += (long) s.epochs * s.batches;
    }
    long before = -1;
    for (Change c : retimed) {
      RecipeChecks.that(
          c.from > before && c.steps > c.from && (before >= 0 || c.from == 0),
          Setting.RETIMED
              + " must begin with 0:STEPS and go on with later steps, each before the run's end; not "
              + retimed);
      before = c.from;
    }
    RecipeChecks.that(
        retimed.isEmpty() || retimed.getLast().steps == all,
        "%s ends with %d steps, and %s has %d"
            .formatted(
                Setting.RETIMED,
                retimed.isEmpty() ? 0 : retimed.getLast().steps,
                Setting.TIMETABLE,
                all));
  }

  /**
   * @throws UserError if it is none
   */
  static Timetable parse(List<String> lines, List<String> changes) {
    List<Stretch> stretches = new ArrayList<>();
    for (String line : lines) {
      Matcher m = STRETCH.matcher(line.strip());
      RecipeChecks.that(
          m.matches(),
          "%s takes EPOCHSxBATCHES@SIDE such as 2x137@96, not '%s'"
              .formatted(Setting.TIMETABLE, line));
      int epochs = m.group(1) == null ? 1 : Integer.parseInt(m.group(1));
      stretches.add(
          new Stretch(epochs, Integer.parseInt(m.group(2)), Integer.parseInt(m.group(3))));
    }
    List<Change> retimed = new ArrayList<>();
    for (String change : changes) {
      Matcher m = CHANGE.matcher(change.strip());
      RecipeChecks.that(
          m.matches(),
          "%s takes STEP:STEPS such as 412:980, not '%s'".formatted(Setting.RETIMED, change));
      retimed.add(new Change(Long.parseLong(m.group(1)), Long.parseLong(m.group(2))));
    }
    return new Timetable(stretches, retimed);
  }

  /** As {@code config.json} has it. */
  List<String> lines() {
    return stretches.stream().map(Stretch::toString).toList();
  }

  List<String> changes() {
    return retimed.stream().map(Change::toString).toList();
  }

  public int epochs() {
    return stretches.stream().mapToInt(Stretch::epochs).sum();
  }

  /** Batches of the whole run. */
  public long steps() {
    return batchesBefore(epochs());
  }

  /** Batches before an epoch, from 0. */
  public long batchesBefore(int epoch) {
    long out = 0;
    int left = epoch;
    for (Stretch s : stretches) {
      int n = Math.min(left, s.epochs);
      out += (long) n * s.batches;
      left -= n;
    }
    return out;
  }

  /** What an epoch, from 0, is like; beyond the last one it is like that. */
  public Stretch at(int epoch) {
    int left = epoch;
    for (Stretch s : stretches) {
      left -= s.epochs;
      if (left < 0) {
        return s;
      }
    }
    return stretches.getLast();
  }

  /** The batch, from 0, from which on the run is as it is now: nothing before it can change. */
  public long lastChange() {
    return retimed.isEmpty() ? 0 : retimed.getLast().from;
  }

  /** Batches that were planned to begin with: the span of the schedule. */
  public long planned() {
    return retimed.isEmpty() ? steps() : retimed.getFirst().steps;
  }

  /**
   * Where in the schedule a batch is, in batches as they were planned to begin with.
   *
   * @param batch of the run, from 0
   */
  public double position(long batch) {
    double at = 0;
    long from = 0;
    long steps = planned();
    for (Change c : retimed) {
      if (c.from > batch) {
        break;
      }
      at += (planned() - at) * (c.from - from) / (steps - from);
      from = c.from;
      steps = c.steps;
    }
    return at + (planned() - at) * (batch - from) / (steps - from);
  }

  /** The same run with other epochs from a batch on. */
  public Timetable changed(long from, List<Stretch> epochs) {
    List<Change> all = new ArrayList<>(retimed);
    if (all.isEmpty()) {
      all.add(new Change(0, steps()));
    }
    long steps = epochs.stream().mapToLong(s -> (long) s.epochs * s.batches).sum();
    if (all.getLast().from == from) {
      all.removeLast();
    }
    all.add(new Change(from, steps));
    return new Timetable(epochs, all);
  }
}
