package engine.cli;

import engine.data.Datasets;
import java.util.Iterator;

/** What {@code --data} takes beside a folder, for its help. */
final class DataUsages implements Iterable<String> {
  @Override
  public Iterator<String> iterator() {
    return Datasets.usages().iterator();
  }
}
