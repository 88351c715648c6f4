package engine.data;

import engine.data.demo.DemoDataset;
import engine.picture.Normalization;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * A line of the table of data sources ({@link Datasets}): what is known of one beside its pictures.
 *
 * @param name before the colon in what {@code --data} names
 * @param usage what {@code --data} takes, for people
 * @param packed whether its pictures are of one small size, in files of a folder that stands after
 *     the colon
 * @param defaults what a recipe holds where the user said nothing
 * @param normalization mean and deviation of its pixels
 */
public record DataSource(
    String name,
    String usage,
    boolean packed,
    Defaults defaults,
    Normalization normalization,
    Opener opener) {
  /** What a recipe holds where the user said nothing. */
  public record Defaults(
      double width,
      int imageSize,
      int epochs,
      int batch,
      double lr,
      String augment,
      double jitter) {
    /** For pictures of 32 pixels or so. */
    static final Defaults SMALL = new Defaults(1, 32, 10, 128, 3e-4, "pad", 0);
  }

  /**
   * What to open.
   *
   * @param place what stands after the colon; empty for nothing
   * @param cache folder that generated data may live in, asked for only where it is needed
   * @param holdout of a source without a validation side; one with a fold, of any
   * @param progress told of pictures drawn
   */
  record Request(
      String place, Supplier<Path> cache, Holdout holdout, DemoDataset.Progress progress) {}

  /** Opens a source. */
  @FunctionalInterface
  interface Opener {
    /**
     * @throws engine.base.UserError in one sentence if it cannot be used
     */
    Datasets.Split open(Request request);
  }
}
