package engine.cli;

import engine.base.UserError;
import engine.infer.Predictor;
import engine.weights.AtomicFiles;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Copies of pictures in a folder a class. Nothing there is ever overwritten: a picture that is
 * there already is passed over, another one of its name gets a number. What a class is called
 * cannot lead out of the folder.
 */
final class ClassFolders {
  /** Where pictures go whose best class is below the threshold. */
  private static final String UNSURE = "_unsure";

  private static final int LONGEST = 80;

  private final Path root;
  private final double threshold;
  private final Map<Integer, Path> folders = new HashMap<>();
  private final List<String> names;
  private long copied;

  /**
   * @param threshold below which a picture is unsure
   */
  ClassFolders(Path root, List<String> classes, double threshold) throws IOException {
    this.root = root;
    this.threshold = threshold;
    this.names = names(classes);
    Files.createDirectories(root);
  }

  /**
   * Says what is wrong before any work is done.
   *
   * @param inputs what pictures are read from
   * @throws UserError if it is no folder, or copies would be read as pictures
   */
  static void check(Path root, List<Path> inputs) throws IOException {
    if (Files.exists(root) && !Files.isDirectory(root)) {
      throw new UserError(root + " is a file: --copy-into takes a folder");
    }
    Path real = real(root);
    for (Path in : inputs) {
      if (Files.isDirectory(in) && real.startsWith(in.toRealPath())) {
        throw new UserError(
            "--copy-into %s lies in %s, which is read: choose a folder beside it"
                .formatted(root, in));
      }
    }
    AtomicFiles.tryFolderOf(root.resolve(UNSURE));
  }

  /** Where a folder is or will be. */
  private static Path real(Path folder) throws IOException {
    Path at = folder.toAbsolutePath().normalize();
    Path there = at;
    while (!Files.exists(there)) {
      there = there.getParent();
    }
    return there.toRealPath().resolve(there.relativize(at));
  }

  /** Names of folders that differ on every system, and hold nothing that a system reads. */
  static List<String> names(List<String> classes) {
    Set<String> used = new HashSet<>(Set.of(UNSURE));
    return classes.stream().map(c -> name(c, used)).toList();
  }

  private static String name(String of, Set<String> used) {
    String plain = of.replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Cs}/\\\\:*?\"<>|]", "_").strip();
    plain = plain.replaceFirst("^\\.+", "_").replaceFirst("[. ]+$", "");
    int end =
        plain.offsetByCodePoints(0, Math.min(LONGEST, plain.codePointCount(0, plain.length())));
    String base = plain.isEmpty() ? "class" : plain.substring(0, end);
    String name = base;
    for (int i = 2; !used.add(name.toLowerCase(Locale.ROOT)); i++) {
      name = base + "-" + i;
    }
    return name;
  }

  void take(List<Predictor.Answer> answers) throws IOException {
    for (Predictor.Answer a : answers) {
      if (a.failure() == null) {
        int best = a.verdict().answer();
        copy(a.file(), folder(a.verdict().scores()[best] >= threshold ? best : -1));
      }
    }
  }

  private Path folder(int of) throws IOException {
    Path known = folders.get(of);
    if (known == null) {
      known = root.resolve(of < 0 ? UNSURE : names.get(of));
      if (Files.isSymbolicLink(known)) {
        throw new UserError(
            known + " is a link, and copies go through none: choose another --copy-into");
      }
      Files.createDirectories(known);
      folders.put(of, known);
    }
    return known;
  }

  private void copy(Path picture, Path folder) throws IOException {
    String name = picture.getFileName().toString();
    int dot = name.lastIndexOf('.');
    String stem = dot > 0 ? name.substring(0, dot) : name;
    String end = dot > 0 ? name.substring(dot) : "";
    Path part = Files.createTempFile(folder, ".copy-", ".part");
    try {
      Files.copy(
          picture, part, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
      for (int i = 1; ; i++) {
        Path target =
            i == 1 ? folder.resolve(picture.getFileName()) : folder.resolve(stem + "-" + i + end);
        if (place(part, target)) {
          copied++;
          return;
        } else if (Files.isRegularFile(target) && Files.mismatch(part, target) < 0) {
          return; // it is there already
        }
      }
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /** Whether the copy got the name, which no other file had. */
  private static boolean place(Path part, Path target) throws IOException {
    try {
      Files.createLink(target, part);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (UnsupportedOperationException | IOException e) {
      // No links on this file system.
      try {
        Files.copy(part, target, StandardCopyOption.COPY_ATTRIBUTES);
        return true;
      } catch (FileAlreadyExistsException x) {
        return false;
      }
    }
  }

  long copied() {
    return copied;
  }

  @Override
  public String toString() {
    return root.toString();
  }
}
