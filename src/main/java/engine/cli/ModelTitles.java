package engine.cli;

import engine.model.Models;
import java.util.Iterator;

/** What {@code --model} takes, for its help. */
final class ModelTitles implements Iterable<String> {
  @Override
  public Iterator<String> iterator() {
    return Models.titles().iterator();
  }
}
