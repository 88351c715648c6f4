package engine.train.budget;

import engine.recipe.Timetable;
import engine.recipe.Timetable.Stretch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Measures a run as it goes, and changes the rest of its timetable where it would end too late or
 * much too early: every epoch that is left becomes shorter or longer by one factor, so that sizes
 * keep their shares; where judging them would take much of what is left, epochs are left out.
 */
public final class BudgetWatch {
  /** Steps that a rate is judged by at least, and what they take of all the time, too. */
  private static final int LEAST = 3;

  private static final double LEAST_TIME = 0.005;

  /** Part of all the time that a rate is judged by: what was before that is forgotten. */
  private static final double WINDOW = 0.03;

  /** The first steps of a shape, which run op by op and are recorded. */
  private static final int STARTING = 2;

  /**
   * By how much the end may be off before anything is done, of all the time and of what is left.
   */
  private static final double TOLERANCE = 0.004;

  private static final double TOLERANCE_OF_REST = 0.08;

  /** Share of what is left that validations and checkpoints may take. */
  private static final double MOST_JUDGING = 0.4;

  private static final int HALVINGS = 40;

  private final BudgetClock clock;
  private final Pace pace;
  private final long most;
  private final Deque<Step> window = new ArrayDeque<>();
  private int side;
  private boolean headOnly;
  private int stepsOfShape;
  private double measured;
  private double expected;
  private double drift = 1;
  private double epoch;
  private double finish;

  private record Step(double seconds, double expected) {}

  /**
   * @param most batches of the whole run at most
   */
  public BudgetWatch(BudgetClock clock, Pace pace, long most) {
    this.clock = clock;
    this.pace = pace;
    this.most = most;
    epoch = pace.epoch();
    finish = pace.finish();
  }

  public BudgetClock clock() {
    return clock;
  }

  /** How much slower steps are than was measured; below 1 where they are faster. */
  public double drift() {
    return drift;
  }

  /** A training step was done. */
  public void stepped(int ofSide, boolean ofHead, double seconds) {
    if (ofSide != side || ofHead != headOnly) {
      side = ofSide;
      headOnly = ofHead;
      stepsOfShape = 0;
      window.clear();
      measured = 0;
      expected = 0;
    }
    if (stepsOfShape++ < STARTING) {
      return;
    }
    add(new Step(seconds, pace.step(side, headOnly)), 1);
    while (window.size() > LEAST
        && measured - window.getFirst().seconds >= WINDOW * clock.seconds()) {
      add(window.removeFirst(), -1);
    }
    if (isKnown()) {
      drift = measured / expected;
    }
  }

  private void add(Step step, int sign) {
    measured += sign * step.seconds;
    expected += sign * step.expected;
    if (sign > 0) {
      window.addLast(step);
    }
  }

  /** Whether steps with everything trained have been timed for long enough. */
  private boolean isKnown() {
    return !headOnly && window.size() >= LEAST && measured >= LEAST_TIME * clock.seconds();
  }

  /** An epoch was judged and saved, beside its steps. */
  public void judged(double seconds) {
    epoch = (epoch + seconds) / 2;
    finish = pace.finish() * epoch / pace.epoch();
  }

  /**
   * The timetable that ends in time, if this one does not.
   *
   * @param epochNow the epoch under way, from 0
   * @param done batches of it, more than none and fewer than it has
   * @return null to go on as it is
   */
  public Timetable revised(Timetable now, int epochNow, int done) {
    long at = now.batchesBefore(epochNow) + done;
    if (at < now.lastChange() || !isKnown()) {
      return null; // what was written down holds, or it is not known how fast the rest will be
    }
    double left = clock.left() - (1 - BudgetPlanner.AIM) * clock.seconds() - finish;
    List<Stretch> rest = rest(now, epochNow, done);
    double needed = seconds(rest);
    double allowed = TOLERANCE * clock.seconds() + TOLERANCE_OF_REST * Math.max(0, left);
    if (Math.abs(left - needed) <= allowed || (needed < left && now.steps() >= most)) {
      return null;
    }
    List<Stretch> fitting = fit(rest, left, most - at);
    if (fitting.equals(rest)) {
      return null;
    }
    return now.changed(at, joined(now, epochNow, done, fitting));
  }

  /** The epochs that are left, one by one, the first of them what is left of the one under way. */
  private static List<Stretch> rest(Timetable now, int epochNow, int done) {
    List<Stretch> out = new ArrayList<>();
    for (int e = epochNow; e < now.epochs(); e++) {
      Stretch s = now.at(e);
      out.add(new Stretch(1, e == epochNow ? s.batches() - done : s.batches(), s.side()));
    }
    return out;
  }

  private double seconds(List<Stretch> epochs) {
    double out = 0;
    int before = side;
    for (Stretch s : epochs) {
      out += s.batches() * pace.step(s.side()) * drift + epoch;
      out += s.side() == before ? 0 : pace.start() * drift;
      before = s.side();
    }
    return out;
  }

  /** The epochs, each as long as the time allows. */
  private List<Stretch> fit(List<Stretch> rest, double left, long room) {
    List<Stretch> epochs = new ArrayList<>(rest);
    while (epochs.size() > 1 && epochs.size() * epoch > MOST_JUDGING * left) {
      epochs.remove(1);
    }
    double low = 0;
    double high = 64;
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (low + high) / 2;
      List<Stretch> tried = scaled(epochs, middle);
      boolean fits =
          seconds(tried) <= left && tried.stream().mapToLong(Stretch::batches).sum() <= room;
      low = fits ? middle : low;
      high = fits ? high : middle;
    }
    return scaled(epochs, low);
  }

  private static List<Stretch> scaled(List<Stretch> epochs, double factor) {
    return epochs.stream()
        .map(s -> new Stretch(1, (int) Math.max(1, Math.floor(s.batches() * factor)), s.side()))
        .toList();
  }

  /** The epochs of before, the one under way with what it shall have, and those after it. */
  private static List<Stretch> joined(Timetable now, int epochNow, int done, List<Stretch> rest) {
    List<Stretch> out = new ArrayList<>();
    for (int e = 0; e < epochNow; e++) {
      add(out, new Stretch(1, now.at(e).batches(), now.at(e).side()));
    }
    Stretch first = rest.getFirst();
    add(out, new Stretch(1, done + first.batches(), first.side()));
    rest.subList(1, rest.size()).forEach(s -> add(out, s));
    return out;
  }

  private static void add(List<Stretch> to, Stretch s) {
    Stretch last = to.isEmpty() ? null : to.getLast();
    if (last != null && last.batches() == s.batches() && last.side() == s.side()) {
      to.set(to.size() - 1, new Stretch(last.epochs() + 1, s.batches(), s.side()));
    } else {
      to.add(s);
    }
  }
}
