package engine.cli;

import engine.optim.schedule.Schedules;
import java.util.Iterator;

/** What {@code --scheduler} takes, for its help. */
final class Schedulers implements Iterable<String> {
  @Override
  public Iterator<String> iterator() {
    return Schedules.NAMES.iterator();
  }
}
