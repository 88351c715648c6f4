package engine.data;

import engine.base.UserError;
import engine.data.image.ImageFormat;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads the tree of an image folder. Links are followed, but never round in a circle; what systems
 * leave behind ({@link Litter}) is passed over in silence, and other files that are no pictures
 * with a count.
 *
 * @param classNames in the order of {@link Names}; folders without a picture are left out, with a
 *     warning
 * @param files the pictures, class by class, within one sorted by path (where a class has
 *     subfolders torchvision has the files of a folder before those of its subfolders)
 */
record FolderScan(List<String> classNames, List<Path> files, int[] labels, List<String> warnings) {
  /** What Java puts for bytes that the locale's character set does not have. */
  private static final char UNDECODABLE = '\ufffd';

  private static final int NAMED = 20;

  /**
   * Scans {@code root}.
   *
   * @param toTrain whether a network is to be made of it, which needs two classes
   */
  static FolderScan of(Path root, boolean toTrain) {
    return new Scan(root).run(toTrain);
  }

  /** A scan under way. */
  private static final class Scan {
    private final Path root;
    private final List<String> warnings = new ArrayList<>();
    private final PassedOver passedOver = new PassedOver();
    private final List<String> names = new ArrayList<>();
    private final List<List<Path>> pictures = new ArrayList<>();

    /** Of each name of a subfolder of a class folder, the classes that have it. */
    private final Map<String, List<String>> subfolders = new TreeMap<>(Names.ORDER);

    private boolean flat;
    private int unusable;

    Scan(Path root) {
      this.root = root;
    }

    FolderScan run(boolean toTrain) {
      ClassFolders folders = ClassFolders.of(root);
      warnings.addAll(folders.warnings());
      passedOver.addAll(folders.beside());
      for (Path folder : folders.folders()) {
        String name = className(folder);
        List<Path> found = picturesIn(folder, name);
        if (found.isEmpty()) {
          warnings.add("the class folder " + folder + " has no pictures and is left out");
        } else {
          names.add(name);
          pictures.add(found);
        }
      }
      if (unusable > NAMED) {
        warnings.add("passed over %,d more that cannot be used".formatted(unusable - NAMED));
      }
      if (!passedOver.isEmpty()) {
        warnings.add(passedOver.sentence(root.toString()));
      }
      if (names.isEmpty()) {
        throw new UserError(
            "no pictures in the class folders of %s: %s (JPEG, PNG, BMP, GIF, TIFF or WebP)%s"
                .formatted(root, ClassFolders.WANTED, last("; ")));
      }
      Map<String, Integer> places = Names.places(names, root);
      if (toTrain) {
        needTwoClasses();
        compareSubfolders();
      }
      int[] labels = new int[pictures.stream().mapToInt(List::size).sum()];
      int at = 0;
      for (int i = 0; i < names.size(); i++) {
        int label = places.get(Names.form(names.get(i)));
        for (int end = at + pictures.get(i).size(); at < end; at++) {
          labels[at] = label;
        }
      }
      return new FolderScan(
          List.copyOf(names),
          pictures.stream().flatMap(List::stream).toList(),
          labels,
          List.copyOf(warnings));
    }

    /** The last warning, which tells why nothing is there. */
    private String last(String separator) {
      return warnings.isEmpty() ? "" : separator + warnings.getLast();
    }

    private static String className(Path folder) {
      String name = folder.getFileName().toString();
      if (name.indexOf(UNDECODABLE) >= 0) {
        throw new UserError(
            "the name of the class folder %s cannot be read in this locale: set LC_ALL=C.UTF-8 and run again, or rename it"
                .formatted(folder));
      }
      return name;
    }

    private List<Path> picturesIn(Path folder, String name) {
      List<Path> found = new ArrayList<>();
      try {
        Path real = folder.toRealPath();
        Files.walkFileTree(
            folder,
            EnumSet.of(FileVisitOption.FOLLOW_LINKS),
            Integer.MAX_VALUE,
            new SimpleFileVisitor<>() {
              @Override
              public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes)
                  throws IOException {
                if (dir.equals(folder)) {
                  return FileVisitResult.CONTINUE;
                }
                if (Litter.is(dir) || ClassFolders.leadsUp(dir, real)) {
                  return FileVisitResult.SKIP_SUBTREE;
                }
                if (dir.getParent().equals(folder)) {
                  subfolders
                      .computeIfAbsent(dir.getFileName().toString(), _ -> new ArrayList<>())
                      .add(name);
                }
                return FileVisitResult.CONTINUE;
              }

              @Override
              public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (!Litter.is(file)) {
                  visit(file, attributes, found);
                  flat |= !found.isEmpty() && found.getLast().getParent().equals(folder);
                }
                return FileVisitResult.CONTINUE;
              }

              @Override
              public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (file.equals(folder)) {
                  throw e; // a class would be missing from the model
                }
                if (!(e instanceof FileSystemLoopException)) {
                  unusable(file, ReadFailure.of(e));
                }
                return FileVisitResult.CONTINUE;
              }

              @Override
              public FileVisitResult postVisitDirectory(Path dir, IOException e) {
                if (e != null) {
                  warnings.add("not all of " + dir + " can be listed: " + ReadFailure.of(e));
                }
                return FileVisitResult.CONTINUE;
              }
            });
      } catch (IOException e) {
        throw new UserError("cannot read the class folder " + folder + ": " + ReadFailure.of(e), e);
      }
      found.sort(Comparator.comparing(Path::toString, Names.ORDER));
      return found;
    }

    /** The first of them are named: a tree of broken links must not fill the screen. */
    private void unusable(Path file, String why) {
      if (unusable++ < NAMED) {
        warnings.add("passed over " + file + ": " + why);
      }
    }

    private void visit(Path file, BasicFileAttributes attributes, List<Path> found) {
      if (attributes.isSymbolicLink()) {
        unusable(file, "the link leads nowhere");
      } else if (!attributes.isRegularFile()) {
        unusable(file, "it is a pipe, a socket or a device");
      } else {
        ImageFormat format = ImageFormat.inFolder(file);
        if (format != null && format.isRead()) {
          found.add(file);
        } else {
          passedOver.add(file, format);
        }
      }
    }

    private void needTwoClasses() {
      if (names.size() > 1) {
        return;
      }
      String only = names.getFirst();
      throw new UserError(
          "%s has only one class, '%s': a classifier needs two or more%s%s"
              .formatted(
                  root,
                  only,
                  subfolders.values().stream().anyMatch(c -> c.contains(only))
                      ? "; if the classes are the folders inside it, give " + root.resolve(only)
                      : "",
                  last("; ")));
    }

    /** Sides of a split under names that nobody can know look like classes with subfolders. */
    private void compareSubfolders() {
      List<String> shared =
          subfolders.entrySet().stream()
              .filter(e -> e.getValue().size() > 1)
              .map(Map.Entry::getKey)
              .toList();
      if (shared.size() > 1 && !SplitSides.isNamedSo(root)) {
        List<String> both = subfolders.get(shared.getFirst());
        warnings.add(
            "the class folders %s and %s hold the same subfolders (%s): if they are sides of a split and those its classes, rename them to train and val"
                .formatted(both.get(0), both.get(1), few(shared)));
      } else if (!flat && !subfolders.isEmpty()) {
        warnings.add(
            "the classes are the folders in %s (%s); the subfolders inside them (%s) are not told apart"
                .formatted(root, few(names), few(List.copyOf(subfolders.keySet()))));
      }
    }

    private static String few(List<String> names) {
      int shown = names.size() <= 10 ? names.size() : 8;
      return String.join(", ", names.subList(0, shown))
          + (shown < names.size() ? " and " + (names.size() - shown) + " more" : "");
    }
  }
}
