package engine.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import engine.OnEveryDevice;
import engine.TestDevices;
import engine.TestPictures;
import engine.backend.Backend;
import engine.data.BadImages;
import engine.data.Datasets;
import engine.data.loader.Batch;
import engine.data.loader.DataLoader;
import engine.data.loader.Sampler;
import engine.data.transform.LateAugmentation;
import engine.data.transform.TransformSpec;
import engine.model.Network;
import engine.optim.Optimizer;
import engine.recipe.AugmentOn;
import engine.recipe.Augmentation;
import engine.recipe.ExecutionMode;
import engine.recipe.Recipe;
import engine.run.ModelInfo;
import engine.run.RunSetup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;

/** Epochs whose next batch is on its way while one is computed. */
final class BatchesAheadTest {
  private static final int EPOCHS = 2;
  private static final int EACH = 6;

  /** Without those held out: the last batch has two. */
  private static final int PICTURES = 10;

  private static final int BATCH = 4;

  @TempDir Path temp;

  @OnEveryDevice
  void lossesAreTheSameWhereverPicturesAreAugmentedAndNoBatchIsLostOrTakenTwice(Backend backend)
      throws IOException {
    TestPictures.folder(temp, EACH, 12, "a", "b");
    Run host = run(backend, AugmentOn.HOST);
    Run chosen = run(backend, AugmentOn.AUTO);
    assertArrayEquals(host.losses(), chosen.losses(), 0);
    assertEquals(host.pictures(), chosen.pictures());
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
      int first = epoch * PICTURES;
      List<Integer> once =
          chosen.pictures().subList(first, first + PICTURES).stream().sorted().toList();
      assertEquals(IntStream.range(0, PICTURES).boxed().toList(), once);
    }
  }

  private record Run(float[] losses, List<Integer> pictures) {}

  private Run run(Backend backend, AugmentOn place) {
    Recipe r =
        TinyRun.recipe(
            temp,
            "batch=" + BATCH,
            "imageSize=16",
            "augment='pad'",
            "jitter=0.4",
            "regularization={policy:'none',erasing:0.5,mixup:0.4,cutmix:1,mixOffEpoch:0,ema:0}");
    Datasets.Split data = RunSetup.open(r, _ -> {});
    ModelInfo info = RunSetup.info(r, data);
    TransformSpec spec = info.preprocessing();
    LateAugmentation late = Augmentation.onDevice(r, spec, backend, place);
    ExecutionMode execution = ExecutionMode.PLANNED.augmentingOn(place);
    DataLoader.Config config = DataLoader.Config.training(BATCH, 1).withWorkers(1);
    try (var _ = TestDevices.noLeaks(backend);
        Network model = info.model().create(backend, new SplittableRandom(1));
        Optimizer optimizer = OptimizerFactory.of(backend, r, model);
        TrainingStep step =
            new TrainingStep(
                backend,
                model,
                optimizer,
                r,
                spec.normalization(),
                new TrainingStep.Additions(late, null, null),
                execution);
        DataLoader loader =
            new DataLoader(
                data.train(),
                late == null ? Augmentation.training(r, spec) : Augmentation.sized(r, spec),
                late,
                config,
                new BadImages.Limit(PICTURES, false),
                Sampler.shuffled(data.train().size(), 1))) {
      List<Float> losses = new ArrayList<>();
      List<Integer> pictures = new ArrayList<>();
      for (int epoch = 0; epoch < EPOCHS; epoch++) {
        step.startEpoch(epoch, false);
        try (BatchesAhead batches = new BatchesAhead(loader.epoch(epoch, 0), step)) {
          while (batches.hasNext()) {
            try (Batch b = batches.next()) {
              int i = losses.size();
              losses.add(step.run(b, i, TrainingStep.Part.WHOLE, batches::fetch));
              for (int index : b.indices()) {
                pictures.add(index);
              }
            }
          }
        }
      }
      float[] all = new float[losses.size()];
      for (int i = 0; i < all.length; i++) {
        all[i] = losses.get(i);
      }
      return new Run(all, pictures);
    }
  }

  /** A run that is stopped gives back the batch that was on its way. */
  @OnEveryDevice
  void whatWasFetchedAndIsNotWantedIsGivenBack(Backend backend) throws IOException {
    TestPictures.folder(temp, EACH, 12, "a", "b");
    Recipe r = TinyRun.recipe(temp, "batch=" + BATCH, "imageSize=16", "augment='none'");
    Datasets.Split data = RunSetup.open(r, _ -> {});
    ModelInfo info = RunSetup.info(r, data);
    DataLoader.Config config = DataLoader.Config.training(BATCH, 1).withWorkers(0);
    try (var _ = TestDevices.noLeaks(backend);
        Network model = info.model().create(backend, new SplittableRandom(1));
        Optimizer optimizer = OptimizerFactory.of(backend, r, model);
        TrainingStep step =
            new TrainingStep(
                backend,
                model,
                optimizer,
                r,
                info.preprocessing().normalization(),
                ExecutionMode.PLANNED);
        DataLoader loader =
            new DataLoader(data.train(), Augmentation.training(r, info.preprocessing()), config)) {
      float[] first = new float[2 * config.prefetch()];
      for (int i = 0; i < first.length; i++) {
        // As often as there are buffers: none would be left if one were kept.
        try (BatchesAhead batches = new BatchesAhead(loader.epoch(0, 0), step);
            Batch b = batches.next()) {
          first[i] = b.labels()[0];
          batches.fetch();
        }
      }
      for (float label : first) {
        assertEquals(first[0], label);
      }
    }
  }
}
