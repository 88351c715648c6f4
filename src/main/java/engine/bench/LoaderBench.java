package engine.bench;

import engine.data.Datasets;
import engine.data.loader.Batch;
import engine.data.loader.DataLoader;
import engine.data.loader.Epoch;
import engine.recipe.Augmentation;
import engine.recipe.Recipe;
import engine.run.ModelInfo;

/**
 * Times the loader alone: how many pictures a second its workers read, decode and augment as {@code
 * engine train} would, with nothing else to do. A network that trains faster than that waits.
 */
public final class LoaderBench {
  private final Recipe recipe;
  private final Datasets.Split data;
  private final ModelInfo info;

  public LoaderBench(Recipe recipe, Datasets.Split data, ModelInfo info) {
    this.recipe = recipe;
    this.data = data;
    this.info = info;
  }

  /**
   * What so many workers reach.
   *
   * @param pictures that were timed
   */
  public record Row(int workers, long pictures, double seconds) {
    public double imagesPerSecond() {
      return pictures / seconds;
    }

    /** Time that one worker spends on a picture, in milliseconds. */
    public double workerMilliseconds() {
      return 1e3 * seconds * Math.max(1, workers) / pictures;
    }
  }

  /**
   * Loads epoch after epoch, the first fifth of the time untimed.
   *
   * @param workers 0 decodes on the calling thread
   */
  public Row measure(int workers, double seconds) {
    int batch = Math.min(recipe.schedule().batch(), data.train().size());
    DataLoader.Config config =
        DataLoader.Config.training(batch, recipe.compute().seed()).withWorkers(workers);
    try (DataLoader loader =
        new DataLoader(data.train(), Augmentation.training(recipe, info.preprocessing()), config)) {
      long start = System.nanoTime();
      long from = 0;
      long pictures = 0;
      for (int epoch = 0; ; epoch++) {
        try (Epoch batches = loader.epoch(epoch, 0)) {
          while (batches.hasNext()) {
            try (Batch b = batches.next()) {
              pictures += from == 0 ? 0 : b.size();
            }
            long now = System.nanoTime();
            if (from == 0 && now - start >= seconds / 5 * 1e9) {
              from = now;
            } else if (from != 0 && now - from >= seconds * 1e9) {
              return new Row(workers, pictures, (now - from) / 1e9);
            }
          }
        }
      }
    }
  }
}
