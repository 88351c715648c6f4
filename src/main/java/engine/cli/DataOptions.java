package engine.cli;

import engine.recipe.DataSettings;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which pictures of {@code --data} a run sees, and which of them it holds out. */
final class DataOptions {
  @Option(
      names = "--val-fraction",
      paramLabel = "X",
      description = "Share held out for validation where the data has no val folder (default 0.2).")
  private double valFraction = 0.2;

  @Option(
      names = "--split-seed",
      paramLabel = "N",
      description = "Chooses what is held out, whatever --seed is (default: --seed).")
  private Long splitSeed;

  @Option(
      names = "--fold",
      paramLabel = "I/N",
      description =
          "Hold out the Ith of N equal parts of the training pictures, such as 2/5; a val folder is left alone.")
  private String fold;

  @Option(
      names = "--limit-train",
      paramLabel = "N",
      description = "Train on N pictures only, for a quick look.")
  private int limitTrain;

  @Option(names = "--limit-val", paramLabel = "N", description = "Validate on N pictures only.")
  private int limitVal;

  @Option(
      names = "--cache-images",
      paramLabel = "PIXELS",
      description =
          "Keep training pictures decoded between epochs and runs, made smaller to this shorter side where it is longer.")
  private int cacheImages;

  @Option(
      names = "--exclude",
      paramLabel = "FILE",
      description =
          "Leave out the pictures that a list names: a name a line, or .csv, .tsv or .jsonl with their files, as engine labels writes it.")
  private Path exclude;

  /**
   * @param source as a recipe names it
   */
  DataSettings of(String source) {
    return new DataSettings(
        source,
        valFraction,
        new DataSettings.Limits(limitTrain, limitVal),
        cacheImages,
        splitSeed,
        fold,
        exclude == null ? null : exclude.toAbsolutePath().normalize().toString());
  }
}
