package engine.data;

import engine.base.UserError;
import engine.data.image.ImageDecoder;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import java.util.function.BiConsumer;

/**
 * The pictures among files and under folders, one after the other, in an order that depends on
 * their names alone. Links are followed, but never round in a circle; names that begin with a dot
 * are passed over, and so is, in a folder, what is not named like a picture.
 *
 * <p>Memory is bounded however many files a folder has: only so many names of it are held at once,
 * the least ones that were not handed out yet, and for the next ones the folder is read again.
 */
public final class PictureWalk implements Iterator<Path> {
  private static final int NAMES = 1 << 16;

  private final Iterator<Path> roots;
  private final BiConsumer<Path, String> passedOver;
  private final int names;
  private final Deque<Folder> open = new ArrayDeque<>();
  private Path next;

  /**
   * @param inputs pictures, of whatever name, and folders
   * @param passedOver told a folder or link that cannot be read, and why
   * @throws UserError if an input does not exist
   */
  public PictureWalk(List<Path> inputs, BiConsumer<Path, String> passedOver) {
    this(inputs, passedOver, NAMES);
  }

  PictureWalk(List<Path> inputs, BiConsumer<Path, String> passedOver, int names) {
    for (Path p : inputs) {
      if (!Files.exists(p)) {
        throw new UserError("there is no file " + p + ": check the name");
      }
    }
    this.roots = inputs.iterator();
    this.passedOver = passedOver;
    this.names = names;
  }

  @Override
  public boolean hasNext() {
    while (next == null && (!open.isEmpty() || roots.hasNext())) {
      Folder folder = open.peek();
      Path p = folder == null ? roots.next() : folder.next();
      if (p == null) {
        open.pop();
      } else {
        visit(p, folder == null);
      }
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

  private void visit(Path p, boolean named) {
    if (Files.isDirectory(p)) {
      enter(p);
    } else if (named || Files.isRegularFile(p) && ImageDecoder.looksLikeImage(p)) {
      next = p;
    } else if (Files.isSymbolicLink(p) && !Files.exists(p)) {
      passedOver.accept(p, "the link leads nowhere");
    }
  }

  private void enter(Path folder) {
    try {
      Path real = folder.toRealPath();
      // A folder that holds one we are in could only be reached by a link.
      if (open.stream().noneMatch(f -> f.real.startsWith(real))) {
        open.push(new Folder(folder, real));
      }
    } catch (IOException e) {
      passedOver.accept(folder, Reasons.of(e));
    }
  }

  /** A folder being walked: the next of its names, in order. */
  private final class Folder {
    private final Path path;
    private final Path real;
    private Iterator<Path> some = List.<Path>of().iterator();
    private Path last;
    private boolean more = true;

    Folder(Path path, Path real) {
      this.path = path;
      this.real = real;
    }

    /** The next entry, or null at the end. */
    Path next() {
      if (!some.hasNext() && more) {
        some = least().iterator();
      }
      if (!some.hasNext()) {
        return null;
      }
      last = some.next();
      return path.resolve(last);
    }

    /** The least names after the last, sorted; {@link #more} says whether others follow. */
    private List<Path> least() {
      // Paths, not text: a name that is no UTF-8 is another file, or none, as a String. They are
      // compared byte by byte, which is the order of the code points.
      PriorityQueue<Path> kept = new PriorityQueue<>(Comparator.reverseOrder());
      more = false;
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
        for (Path entry : entries) {
          Path name = entry.getFileName();
          if (name.toString().startsWith(".") || last != null && name.compareTo(last) <= 0) {
            continue;
          }
          if (kept.size() < names) {
            kept.add(name);
          } else {
            more = true;
            if (name.compareTo(kept.peek()) < 0) {
              kept.remove();
              kept.add(name);
            }
          }
        }
      } catch (IOException e) {
        passedOver.accept(path, Reasons.of(e));
      } catch (DirectoryIteratorException e) {
        passedOver.accept(path, Reasons.of(e.getCause()));
      }
      List<Path> sorted = new ArrayList<>(kept);
      sorted.sort(null);
      return sorted;
    }
  }
}
