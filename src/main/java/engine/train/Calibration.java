package engine.train;

import engine.backend.Backend;
import engine.data.Datasets;
import engine.data.loader.Batch;
import engine.model.Network;
import engine.optim.Optimizer;
import engine.recipe.Precision;
import engine.recipe.Recipe;
import engine.report.EpochMetrics;
import engine.run.ModelAverage;
import engine.run.ModelInfo;
import engine.run.RunSetup;
import engine.run.TrainingListener;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * Measures a few steps and a part of a validation of a run that is to come, with its own pictures,
 * workers and network, whose weights are thrown away.
 */
final class Calibration {
  /** Steps that run op by op and are recorded, before those that count. */
  private static final int FIRST = 2;

  private static final int MOST = 8;
  private static final int LEAST = 2;
  private static final double SECONDS = 2.5;
  private static final int VALIDATED = 4;
  private static final int LEAST_VALIDATED = 2;

  /** Bytes that a disk takes a second, and what a checkpoint takes beside them. */
  private static final double DISK = 4e8;

  private static final double FSYNC = 0.15;

  /** Single answers and pictures of a report, and what it takes beside them. */
  private static final int ANSWERS = 80;

  private static final double REPORT = 1.2;

  private Calibration() {}

  /**
   * What was measured, in seconds.
   *
   * @param step of the optimiser
   * @param start what the first steps take beyond that
   * @param batches of a pass over all training pictures
   */
  record Measured(
      double step, double start, double validation, double save, double finish, int batches) {}

  /**
   * @param stop asked now and then: whether to end it, as well as may be, after the fewest steps
   */
  static Measured of(
      Backend backend, Recipe r, Datasets.Split data, TrainerOptions how, BooleanSupplier stop) {
    ModelInfo info = RunSetup.info(r, data);
    try (TrainingPictures pictures = new TrainingPictures(backend, r, info, data, how);
        Network model = info.model().create(backend, new SplittableRandom(r.compute().seed()));
        Optimizer optimizer = OptimizerFactory.of(backend, r, model);
        ModelAverage average = average(backend, r, model)) {
      new Freezing(model, r.schedule().fineTuning()).apply(0);
      List<Double> steps = new ArrayList<>();
      try (TrainingStep step =
          new TrainingStep(
              backend,
              model,
              optimizer,
              r,
              info.preprocessing().normalization(),
              new TrainingStep.Additions(
                  pictures.late(), null, average == null ? null : average.ema()),
              how.execution())) {
        optimizer.setLr(r.optim().lr() * 1e-3);
        steps(pictures, step, steps, stop);
      }
      double each = each(steps);
      double start = steps.stream().limit(FIRST).mapToDouble(s -> Math.max(0, s - each)).sum();
      Validated v = validated(backend, model, info, r, pictures, stop);
      int sides = average == null ? 1 : 2;
      double validation = v.start + v.picture * data.val().size();
      double bytes =
          4.0 * model.parameterCount() * ((r.optim().name().equals("sgd") ? 2 : 3) + sides - 1);
      return new Measured(
          each,
          start,
          validation * sides,
          FSYNC + bytes / DISK,
          validation + REPORT + ANSWERS * v.picture + bytes / sides / DISK,
          pictures.train().batches());
    }
  }

  private static ModelAverage average(Backend backend, Recipe r, Network model) {
    return r.augment().regularization().hasEma()
        ? new ModelAverage(backend, model, r.augment().regularization().ema())
        : null;
  }

  private static void steps(
      TrainingPictures pictures, TrainingStep step, List<Double> steps, BooleanSupplier stop) {
    double counted = 0;
    for (int pass = 0; ; pass++) {
      try (BatchesAhead batches = new BatchesAhead(pictures.train().epoch(pass, 0), step)) {
        long began = System.nanoTime();
        int before = steps.size();
        while (batches.hasNext()) {
          if (steps.size() == 0) {
            began = System.nanoTime(); // the first picture's way through the decoders comes once
          }
          try (Batch b = batches.next()) {
            step.run(b, steps.size(), TrainingStep.Part.WHOLE, batches::fetch);
          }
          long now = System.nanoTime();
          steps.add((now - began) / 1e9);
          counted += steps.size() > FIRST ? (now - began) / 1e9 : 0;
          began = now;
          int timed = steps.size() - FIRST;
          if (timed >= 1 && stop.getAsBoolean()
              || timed >= MOST
              || timed >= LEAST && counted + counted / timed > SECONDS) {
            return;
          }
        }
        if (steps.size() == before) {
          return; // nothing can be read
        }
      }
    }
  }

  /** The median, which a hiccup does not move. */
  private static double each(List<Double> steps) {
    List<Double> timed =
        steps.size() > FIRST
            ? steps.subList(FIRST, steps.size()).stream().sorted().toList()
            : steps;
    return timed.isEmpty() ? 1e-3 : Math.max(1e-6, timed.get(timed.size() / 2));
  }

  /**
   * @param start what a validation takes before its first answers
   * @param picture what each answer takes
   */
  private record Validated(double start, double picture) {}

  private static Validated validated(
      Backend backend,
      Network model,
      ModelInfo info,
      Recipe r,
      TrainingPictures pictures,
      BooleanSupplier stop) {
    Marks marks = new Marks();
    Precision precision = Precision.of(r.compute().precision(), backend, _ -> {});
    long began = System.nanoTime();
    new Validation(backend, model, info, precision, pictures.val(), marks)
        .run(
            0,
            null,
            () ->
                marks.done.size() >= VALIDATED
                    || marks.done.size() >= LEAST_VALIDATED && stop.getAsBoolean());
    if (marks.done.isEmpty()) {
      return new Validated(0, 0);
    }
    double first = (marks.at.getFirst() - began) / 1e9;
    int last = marks.done.size() - 1;
    double picture =
        last == 0
            ? first / marks.done.getFirst()
            : (marks.at.get(last) - marks.at.getFirst())
                / 1e9
                / (marks.done.get(last) - marks.done.getFirst());
    return new Validated(Math.max(0, first - picture * marks.done.getFirst()), picture);
  }

  /** When how many pictures were answered. */
  private static final class Marks implements TrainingListener {
    private final List<Integer> done = new ArrayList<>();
    private final List<Long> at = new ArrayList<>();

    @Override
    public void started(String... lines) {}

    @Override
    public void batch(
        int epoch, int epochs, int done, int batches, long images, double loss, double lr) {}

    @Override
    public void validating(int epoch, int pictures, int of) {
      done.add(pictures);
      at.add(System.nanoTime());
    }

    @Override
    public void epoch(EpochMetrics metrics, int epochs, boolean best) {}

    @Override
    public void message(String line) {}
  }
}
