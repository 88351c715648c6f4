package engine.data;

import engine.base.UserError;
import engine.data.image.ImageDecoder;
import engine.data.image.PixelImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A folder with one subfolder of picture files per class, as torchvision's {@code ImageFolder}:
 * classes sorted by name, pictures at any depth below them, other files ignored. {@link FolderScan}
 * reads the tree.
 */
public final class ImageFolder implements Dataset {
  private final Path root;
  private final List<String> classNames;
  private final List<Path> files;
  private final int[] labels;
  private final List<String> warnings;
  private final boolean applyExif;

  private ImageFolder(Path root, FolderScan scan, boolean applyExif) {
    this.root = root;
    this.classNames = scan.classNames();
    this.files = scan.files();
    this.labels = scan.labels();
    this.warnings = scan.warnings();
    this.applyExif = applyExif;
  }

  /**
   * Finds the classes and pictures below {@code root}.
   *
   * @param applyExif whether to turn pictures upright as their EXIF orientation says
   * @throws UserError in one sentence if there is nothing to train on: no folder, no classes, no
   *     pictures
   */
  public static ImageFolder open(Path root, boolean applyExif) {
    return new ImageFolder(root, FolderScan.of(root, true), applyExif);
  }

  /**
   * Opens a folder whose classes are another's: of a second side, or to judge a model on. It may
   * have a single one; {@link KnownClasses} compares.
   */
  static ImageFolder all(Path root) {
    return new ImageFolder(root, FolderScan.of(root, false), true);
  }

  public Path root() {
    return root;
  }

  /** What was passed over while reading the tree and the user may want to know, a sentence each. */
  public List<String> warnings() {
    return warnings;
  }

  @Override
  public int size() {
    return labels.length;
  }

  @Override
  public int label(int i) {
    return labels[i];
  }

  @Override
  public PixelImage load(int i) throws IOException {
    return ImageDecoder.decode(files.get(i), applyExif);
  }

  @Override
  public List<String> classNames() {
    return classNames;
  }

  @Override
  public String name(int i) {
    return files.get(i).toString();
  }
}
