package engine.data;

import engine.base.UserError;
import engine.data.image.ImageDecoder;
import java.io.IOException;
import java.nio.file.DirectoryStream;
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
import java.util.stream.IntStream;

/**
 * Reads the tree of an image folder. Links are followed, but never round in a circle; names that
 * begin with a dot (what file managers and version control leave behind) are passed over.
 *
 * @param classNames sorted by name; folders without a picture are left out, with a warning
 * @param files the pictures, class by class, sorted by path within one
 */
record FolderScan(List<String> classNames, List<Path> files, int[] labels, List<String> warnings) {
  /** What Java puts for bytes that the locale's character set does not have. */
  private static final char UNDECODABLE = '\ufffd';

  private static final String WANTED = "put the pictures into one subfolder per class";

  /** Scans {@code root}; {@code known}, if not null, fixes the classes and their order. */
  static FolderScan of(Path root, List<String> known) {
    List<String> warnings = new ArrayList<>();
    List<Path> folders = classFolders(root);
    List<String> names = new ArrayList<>();
    List<List<Path>> pictures = new ArrayList<>();
    for (Path folder : folders) {
      List<Path> found = pictures(folder, warnings);
      if (found.isEmpty()) {
        warnings.add("the class folder " + folder + " has no pictures and is left out");
      } else {
        names.add(className(folder));
        pictures.add(found);
      }
    }
    if (names.isEmpty()) {
      throw new UserError(
          "no pictures in the class folders of %s: %s (JPEG, PNG, BMP, GIF, TIFF or WebP)"
              .formatted(root, WANTED));
    }
    if (known == null) {
      needTwoClasses(root, names);
    } else {
      compareWithKnown(root, names, known, warnings);
    }
    List<String> classNames = known == null ? List.copyOf(names) : known;
    int[] labels =
        IntStream.range(0, names.size())
            .flatMap(c -> pictures.get(c).stream().mapToInt(_ -> classNames.indexOf(names.get(c))))
            .toArray();
    return new FolderScan(
        classNames,
        pictures.stream().flatMap(List::stream).toList(),
        labels,
        List.copyOf(warnings));
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

  /** The subfolders of {@code root} that may be classes, sorted by name. */
  static List<Path> classFolders(Path root) {
    if (!Files.exists(root)) {
      throw new UserError(
          "no folder %s: check --data, which takes a folder of pictures, demo, fashion-mnist or cifar10:DIR"
              .formatted(root));
    }
    if (!Files.isDirectory(root)) {
      throw new UserError(root + " is a file, not a folder: " + WANTED);
    }
    List<Path> folders = new ArrayList<>();
    boolean loosePictures = false;
    boolean empty = true;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(root)) {
      Path real = root.toRealPath();
      for (Path entry : entries) {
        empty = false;
        if (isHidden(entry)) {
          continue;
        }
        if (Files.isDirectory(entry) && !leadsUp(entry, real)) {
          folders.add(entry);
        }
        loosePictures |= Files.isRegularFile(entry) && ImageDecoder.looksLikeImage(entry);
      }
    } catch (IOException e) {
      throw new UserError("cannot read the folder " + root + ": " + Reasons.of(e), e);
    }
    if (folders.isEmpty()) {
      throw new UserError(
          loosePictures
              ? "the pictures lie directly in %s: %s".formatted(root, WANTED)
              : "%s %s: %s"
                  .formatted(root, empty ? "is empty" : "has no subfolders of pictures", WANTED));
    }
    folders.sort(Comparator.comparing(folder -> folder.getFileName().toString()));
    return folders;
  }

  private static List<Path> pictures(Path folder, List<String> warnings) {
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
              boolean skip = !dir.equals(folder) && (isHidden(dir) || leadsUp(dir, real));
              return skip ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (attributes.isSymbolicLink()) {
                warnings.add("passed over " + file + ": the link leads nowhere");
              } else if (attributes.isRegularFile()
                  && !isHidden(file)
                  && ImageDecoder.looksLikeImage(file)) {
                found.add(file);
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
              if (!(e instanceof FileSystemLoopException)) {
                warnings.add("passed over " + file + ": " + Reasons.of(e));
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UserError("cannot read the folder " + folder + ": " + Reasons.of(e), e);
    }
    found.sort(Comparator.comparing(Path::toString));
    return found;
  }

  private static void needTwoClasses(Path root, List<String> names) {
    if (names.size() > 1) {
      return;
    }
    Path only = root.resolve(names.getFirst());
    boolean deeper;
    try (DirectoryStream<Path> inner = Files.newDirectoryStream(only, Files::isDirectory)) {
      deeper = inner.iterator().hasNext();
    } catch (IOException _) {
      deeper = false;
    }
    throw new UserError(
        "%s has only one class, '%s': a classifier needs two or more%s"
            .formatted(
                root,
                names.getFirst(),
                deeper ? "; if the classes are the folders inside it, give " + only : ""));
  }

  private static void compareWithKnown(
      Path root, List<String> names, List<String> known, List<String> warnings) {
    for (String name : names) {
      if (!known.contains(name)) {
        throw new UserError(
            "the class '%s' of %s is not among the classes of training: give it a training folder or take it out"
                .formatted(name, root));
      }
    }
    List<String> missing = known.stream().filter(name -> !names.contains(name)).toList();
    if (!missing.isEmpty()) {
      warnings.add(
          "%s has no pictures of %s, so nothing is measured for %s"
              .formatted(root, String.join(", ", missing), missing.size() == 1 ? "it" : "them"));
    }
  }

  /**
   * Whether {@code dir} is a link to {@code real} or a folder above: it would bring in everything.
   */
  private static boolean leadsUp(Path dir, Path real) throws IOException {
    return Files.isSymbolicLink(dir) && real.startsWith(dir.toRealPath());
  }

  private static boolean isHidden(Path path) {
    return path.getFileName().toString().startsWith(".");
  }
}
