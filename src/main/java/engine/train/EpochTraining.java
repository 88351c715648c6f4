package engine.train;

import engine.data.loader.Batch;
import engine.data.loader.DataLoader;
import engine.data.loader.Epoch;
import engine.model.Network;
import engine.optim.Optimizer;
import engine.run.ModelAverage;
import engine.run.TrainingListener;
import engine.run.TrainingState;
import java.io.IOException;
import java.util.function.BooleanSupplier;

/** The steps of an epoch, from where a run stands to the epoch's end. */
final class EpochTraining {
  private final TrainingStep step;
  private final OverflowWatch overflow;
  private final Pieces of;
  private final Course course;
  private final TimeKeeper time;
  private final TrainingListener listener;
  private final BooleanSupplier stop;

  /**
   * What is trained, and what goes along with it.
   *
   * @param average of the model's weights, or null
   */
  record Pieces(
      Network model,
      Optimizer optimizer,
      Freezing freezing,
      ModelAverage average,
      QuantTraining tuning,
      TrainingPictures pictures,
      Course course) {}

  EpochTraining(
      TrainingStep step,
      OverflowWatch overflow,
      Pieces of,
      TimeKeeper time,
      TrainingListener listener,
      BooleanSupplier stop) {
    this.step = step;
    this.overflow = overflow;
    this.of = of;
    this.course = of.course;
    this.time = time;
    this.listener = listener;
    this.stop = stop;
  }

  /** Trains until the epoch's end, or until a whole step is done and the run is asked to stop. */
  TrainingState run(TrainingState from) throws IOException {
    startEpoch(from.epoch(), from.batchInEpoch());
    TrainingState s = from;
    TrainingState before = null;
    while (s != before && s.batchInEpoch() < course.batches(from.epoch())) {
      before = s;
      s = pass(s);
      if (course.plan() == null) {
        return s; // an epoch is a pass, however many of its batches could be read
      }
    }
    return s;
  }

  /** Trains until the end of the pass over the pictures, or of what {@link #run} does. */
  private TrainingState pass(TrainingState from) throws IOException {
    TrainingState s = from;
    int epoch = s.epoch();
    DataLoader loader = of.pictures().train(course.side(epoch));
    Epoch pass =
        loader.epoch(
            course.passOf(epoch, s.batchInEpoch()), course.skipped(epoch, s.batchInEpoch()));
    try (BatchesAhead batchesOfEpoch = new BatchesAhead(pass, step)) {
      time.begin();
      while (s.batchInEpoch() < course.batches(epoch) && batchesOfEpoch.hasNext()) {
        int done = s.batchInEpoch();
        int batches = course.batches(epoch);
        var part = TrainingStep.Part.at(done, batches, course.recipe().schedule().accumulate());
        if (part.isFirst() && stop.getAsBoolean()) {
          return s;
        }
        freeze(epoch, done);
        double lr = course.rate(epoch, done);
        of.optimizer().setLr(lr);
        if (of.average() != null) {
          of.average().beforeStep(course.steps(epoch, done));
        }
        try (Batch b = batchesOfEpoch.next()) {
          overflow.before();
          float loss = step.run(b, s.step(), part, batchesOfEpoch::fetch);
          overflow.after(b.labels(), loss, part, epoch, done, lr);
          s = s.afterBatch(b.size(), loss);
          listener.batch(
              epoch + 1, course.epochs(), s.batchInEpoch(), batches, s.images(), loss, lr);
        }
        time.stepped(epoch, done + 1, part.isLast());
        time.begin();
      }
    }
    return s;
  }

  private void startEpoch(int epoch, int done) {
    of.optimizer().setWeightDecay(course.recipe().optim().weightDecay(epoch));
    step.startEpoch(epoch, of.tuning().startEpoch(of.model(), epoch));
    freeze(epoch, done);
  }

  /** Before a batch: trains what its step trains. */
  private void freeze(int epoch, int done) {
    if (!of.freezing().apply(epoch, course.isOfHead(epoch, done))) {
      return;
    }
    step.startEpoch(epoch, true);
    String frozen = of.freezing().describe();
    listener.message(
        "epoch %d%s: %s"
            .formatted(
                epoch + 1,
                done == 0 ? "" : ", step " + (done + 1),
                frozen.isEmpty() ? "all stages are trained" : frozen));
    listener.debug("the step is recorded anew: other parameters are trained");
  }
}
