package engine.cli;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** The pictures that a file wants an answer about. */
final class Unwritten implements Iterator<Path> {
  private final Iterator<Path> all;
  private final PredictionFile file;
  private Path next;

  Unwritten(Iterator<Path> all, PredictionFile file) {
    this.all = all;
    this.file = file;
  }

  @Override
  public boolean hasNext() {
    while (next == null && all.hasNext()) {
      Path p = all.next();
      next = file.wants(p) ? p : null;
    }
    return next != null;
  }

  @Override
  public Path next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Path p = next;
    next = null;
    return p;
  }
}
