package engine.train;

import engine.data.Datasets;
import java.io.IOException;

/** The end of a run. */
public final class RunFinish {
  private RunFinish() {}

  public static void report(
      RunFolder run, Recipe r, Datasets.Split data, Trainer trainer, Evaluation e, TrainingListener listener)
      throws IOException {}
}
