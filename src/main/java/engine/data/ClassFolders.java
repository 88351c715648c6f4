package engine.data;

import engine.base.Suggestion;
import engine.base.UserError;
import engine.data.image.ImageFormat;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The subfolders of a folder that may be classes, in the order of {@link Names}.
 *
 * @param warnings on what lies beside them and is in no class
 * @param beside the files there that are no pictures
 */
record ClassFolders(List<Path> folders, List<String> warnings, PassedOver beside) {
  static final String WANTED = "put the pictures into one subfolder per class";

  /**
   * @throws UserError if there are none
   */
  static ClassFolders of(Path root) {
    if (!Files.exists(root)) {
      throw new UserError(
          "no folder %s: check the name; a folder of pictures is taken, a .csv or .tsv file, demo, fashion-mnist or cifar10:DIR%s"
              .formatted(root, near(root)));
    }
    if (!Files.isDirectory(root)) {
      throw new UserError(
          root
              + " is a file, not a folder: "
              + WANTED
              + ", or name a .csv or .tsv file of files and classes");
    }
    List<Path> folders = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    PassedOver others = new PassedOver();
    int loose = 0;
    Path table = null;
    boolean empty = true;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(root)) {
      Path real = root.toRealPath();
      for (Path entry : entries) {
        empty = false;
        if (Litter.is(entry)) {
          continue;
        }
        if (Files.isDirectory(entry)) {
          if (!leadsUp(entry, real)) {
            folders.add(entry);
          }
        } else if (Files.isRegularFile(entry)) {
          ImageFormat format = ImageFormat.inFolder(entry);
          if (format != null && format.isRead()) {
            loose++;
          } else {
            others.add(entry, format);
            table = PictureTable.isNamedSo(entry.toString()) ? entry.getFileName() : table;
          }
        } else if (Files.isSymbolicLink(entry) && !Files.exists(entry)) {
          warnings.add("passed over " + entry + ": the link leads nowhere");
        }
      }
    } catch (IOException e) {
      throw new UserError("cannot read the folder " + root + ": " + ReadFailure.of(e), e);
    } catch (DirectoryIteratorException e) {
      throw new UserError(
          "cannot read the folder " + root + ": " + ReadFailure.of(e.getCause()), e);
    }
    if (folders.isEmpty()) {
      throw new UserError(
          loose > 0
              ? "the pictures lie directly in %s: %s%s"
                  .formatted(
                      root,
                      WANTED,
                      table == null
                          ? ""
                          : ", or if %s says which is which give that file"
                              .formatted(root.resolve(table)))
              : root
                  + (empty ? " is empty" : " has no subfolders of pictures")
                  + others.instead(WANTED));
    }
    folders.sort(Comparator.comparing(folder -> folder.getFileName().toString(), Names.ORDER));
    if (loose > 0) {
      warnings.add(
          "%,d %s directly in %s, in no class folder, and %s left out"
              .formatted(
                  loose,
                  loose == 1 ? "picture lies" : "pictures lie",
                  root,
                  loose == 1 ? "is" : "are"));
    }
    return new ClassFolders(folders, warnings, others);
  }

  /** A set known by name, or a folder or table beside it, that was most likely meant. */
  private static String near(Path root) {
    String typed = String.valueOf(root.getFileName());
    String set = Suggestion.hint(typed, List.of("demo", "fashion-mnist", "cifar10:DIR"));
    return set.isEmpty()
        ? Suggestion.beside(root, p -> Files.isDirectory(p) || PictureTable.isNamedSo(p.toString()))
        : set;
  }

  /**
   * Whether {@code dir} is a link to {@code real} or a folder above: it would bring in everything.
   */
  static boolean leadsUp(Path dir, Path real) throws IOException {
    return Files.isSymbolicLink(dir) && real.startsWith(dir.toRealPath());
  }
}
