package engine.train;

import engine.backend.Backend;
import engine.data.loader.DataLoader;
import engine.eval.Evaluation;
import engine.eval.Evaluator;
import engine.infer.FloatModel;
import engine.model.Network;
import engine.recipe.Precision;
import engine.run.ModelAverage;
import engine.run.ModelInfo;
import engine.run.TrainingListener;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** The evaluation after an epoch: of the weights, and beside them of their average. */
final class Validation {
  private final Backend backend;
  private final Network model;
  private final ModelInfo info;
  private final Precision precision;
  private final DataLoader data;
  private final TrainingListener listener;

  Validation(
      Backend backend,
      Network model,
      ModelInfo info,
      Precision precision,
      DataLoader data,
      TrainingListener listener) {
    this.backend = backend;
    this.model = model;
    this.info = info;
    this.precision = precision;
    this.data = data;
    this.listener = listener;
  }

  /**
   * @param answering of the model that a checkpoint answers with
   * @param raw of the weights themselves; the same where there is no average
   */
  record Scores(Evaluation answering, Evaluation raw) {
    /** What the epoch's line adds where the two differ. */
    Map<String, Double> beside() {
      Map<String, Double> out = new LinkedHashMap<>();
      if (raw != answering) {
        out.put("val_loss_raw", raw.metrics().logLoss());
        out.put("val_accuracy_raw", raw.metrics().accuracy());
      }
      return out;
    }
  }

  /**
   * @param epoch from 0
   * @param average of the model's weights, or null
   * @param stop asked between batches
   * @return null if the run was asked to stop
   */
  Scores run(int epoch, ModelAverage average, BooleanSupplier stop) {
    Evaluation raw = evaluate(epoch, stop);
    if (raw == null || average == null) {
      return raw == null ? null : new Scores(raw, raw);
    }
    Evaluation averaged = average.with(() -> evaluate(epoch, stop));
    return averaged == null ? null : new Scores(averaged, raw);
  }

  private Evaluation evaluate(int epoch, BooleanSupplier stop) {
    FloatModel m =
        new FloatModel(
            backend, model, info, precision, "the network after epoch " + (epoch + 1), 0);
    int pictures = data.dataset().size();
    try {
      return Evaluator.run(m, data, done -> listener.validating(epoch + 1, done, pictures), stop);
    } finally {
      m.release();
    }
  }
}
