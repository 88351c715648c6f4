package engine.data;

import engine.base.Suggestion;
import engine.base.UserError;
import engine.data.image.ImageFormat;
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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * The pictures among files and under folders, one after the other, in an order that depends on
 * their names alone. Links are followed, but never round in a circle; what systems leave behind
 * ({@link Litter}) is passed over in silence, and other files in folders that are no pictures with
 * a count.
 *
 * <p>Memory is bounded however many files a folder has: only so many names of it are held at once,
 * the least ones that were not handed out yet, and for the next ones the folder is read again.
 */
public final class PictureWalk implements Iterator<Path> {
  private static final int NAMES = 1 << 16;

  private final Iterator<Path> roots;
  private final BiConsumer<Path, String> unusable;
  private final int names;
  private final Deque<Folder> open = new ArrayDeque<>();
  private final PassedOver passedOver = new PassedOver();

  /** The folders among the inputs, so far, where they really are. */
  private final Set<Path> walked = new LinkedHashSet<>();

  /** Those of them that hold what was passed over, as they were named. */
  private final Set<Path> where = new LinkedHashSet<>();

  private Path root;
  private Path next;

  /**
   * @param inputs pictures, of whatever name, and folders
   * @param unusable told a folder or link that cannot be read, and why
   * @throws UserError if an input does not exist
   */
  public PictureWalk(List<Path> inputs, BiConsumer<Path, String> unusable) {
    this(inputs, unusable, NAMES);
  }

  PictureWalk(List<Path> inputs, BiConsumer<Path, String> unusable, int names) {
    for (Path p : inputs) {
      if (!Files.exists(p)) {
        throw new UserError(
            "there is no file %s: check the name%s".formatted(p, Suggestion.beside(p, _ -> true)));
      }
    }
    this.roots = inputs.iterator();
    this.unusable = unusable;
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

  /**
   * What was passed over in folders so far, as a sentence: in all of them at the end. A folder that
   * is named twice, or lies in another one that is, counts once.
   */
  public Optional<String> passedOver() {
    return passedOver.isEmpty()
        ? Optional.empty()
        : Optional.of(
            passedOver.sentence(
                where.size() == 1
                    ? where.iterator().next().toString()
                    : where.size() + " folders"));
  }

  /**
   * To follow words that say that a walk found no picture: what there is instead, and {@code todo}.
   */
  public String instead(String todo) {
    return passedOver.instead(todo);
  }

  private void visit(Path p, boolean named) {
    if (Files.isDirectory(p)) {
      enter(p, named);
    } else if (named) {
      next = p;
    } else if (Files.isRegularFile(p)) {
      ImageFormat format = ImageFormat.inFolder(p);
      if (format != null && format.isRead()) {
        next = p;
      } else if (open.peek().counts) {
        passedOver.add(p, format);
        where.add(root);
      }
    } else if (Files.isSymbolicLink(p) && !Files.exists(p)) {
      unusable.accept(p, "the link leads nowhere");
    } else if (Files.exists(p) && open.peek().counts) {
      passedOver.addPipeOrDevice();
      where.add(root);
    }
  }

  private void enter(Path folder, boolean named) {
    try {
      Path real = folder.toRealPath();
      // A folder that holds one we are in could only be reached by a link.
      if (open.stream().noneMatch(f -> f.real.startsWith(real))) {
        boolean counts = named ? !wasWalked(real) : open.peek().counts && !walked.contains(real);
        open.push(new Folder(folder, real, counts));
        if (named) {
          root = folder;
          walked.add(real);
        }
      }
    } catch (IOException e) {
      unusable.accept(folder, ReadFailure.of(e));
    }
  }

  /** Whether a folder is one of the inputs, or lies in one and was not passed over there. */
  private boolean wasWalked(Path real) {
    for (Path at = real; at != null; at = at.getParent()) {
      if (walked.contains(at)) {
        return true;
      } else if (Litter.is(at)) {
        return false;
      }
    }
    return false;
  }

  /** A folder being walked: the next of its names, in order. */
  private final class Folder {
    private final Path path;
    private final Path real;

    /** Whether what is passed over in it was not counted before. */
    private final boolean counts;

    private Iterator<Path> some = List.<Path>of().iterator();
    private Path last;
    private boolean more = true;

    Folder(Path path, Path real, boolean counts) {
      this.path = path;
      this.real = real;
      this.counts = counts;
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
          if (Litter.is(name) || last != null && name.compareTo(last) <= 0) {
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
        unusable.accept(path, ReadFailure.of(e));
      } catch (DirectoryIteratorException e) {
        unusable.accept(path, ReadFailure.of(e.getCause()));
      }
      List<Path> sorted = new ArrayList<>(kept);
      sorted.sort(null);
      return sorted;
    }
  }
}
