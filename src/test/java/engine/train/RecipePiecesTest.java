package engine.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.OnEveryDevice;
import engine.TestDevices;
import engine.backend.Backend;
import engine.base.UserError;
import engine.data.loader.Batch;
import engine.data.transform.Mixing;
import engine.model.ResNet;
import engine.model.ResNetConfig;
import engine.optim.Optimizer;
import engine.picture.Mix;
import engine.picture.Normalization;
import engine.picture.Region;
import engine.recipe.Balance;
import engine.recipe.ExecutionMode;
import engine.recipe.LossScale;
import engine.recipe.LossSettings;
import engine.recipe.Recipe;
import engine.recipe.Regularization;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The pieces of a recipe, each by what it must leave alone or change. */
final class RecipePiecesTest {
  private static final int CLASSES = 5;
  private static final int SIDE = 16;
  private static final String MIXED =
      "regularization={policy:'none',erasing:0,mixup:0.4,cutmix:1,mixOffEpoch:0,ema:0}";

  private static Recipe recipe(String... changes) {
    return TinyRun.recipe(Path.of("x"), changes);
  }

  private static ResNetConfig config() {
    return new ResNetConfig(18, 4, 3, CLASSES, ResNetConfig.Stem.STANDARD, 0.1, false);
  }

  private static Batch batch(Arena arena, int n, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] bytes = new byte[n * SIDE * SIDE * 3];
    random.nextBytes(bytes);
    MemorySegment pixels = arena.allocate(bytes.length, 64);
    pixels.copyFrom(MemorySegment.ofArray(bytes));
    return Batch.of(pixels, SIDE, SIDE, 3, random.ints(n, 0, CLASSES).toArray());
  }

  /** The state after a few steps over two epochs, the second with other stages frozen. */
  private static Map<String, float[]> train(Backend backend, Recipe r, boolean eager, int steps) {
    Map<String, float[]> out = new LinkedHashMap<>();
    try (var _ = TestDevices.noLeaks(backend);
        Arena arena = Arena.ofConfined();
        ResNet model = new ResNet(backend, config(), new SplittableRandom(3));
        Optimizer optimizer = OptimizerFactory.of(backend, r, model);
        TrainingStep step =
            new TrainingStep(
                backend,
                model,
                optimizer,
                r,
                Normalization.IMAGENET,
                new ExecutionMode(eager, false))) {
      Freezing freezing = new Freezing(model, r.schedule().fineTuning());
      for (int epoch = 0; epoch < 2; epoch++) {
        step.startEpoch(epoch, freezing.apply(epoch));
        optimizer.setLr(1e-2);
        for (int i = 0; i < steps; i++) {
          step.run(batch(arena, 8, i), epoch * steps + i, TrainingStep.Part.WHOLE);
        }
      }
      model.stateDict(backend).forEach((n, t) -> out.put(n, t.toFloats()));
    }
    return out;
  }

  @OnEveryDevice
  void frozenStagesKeepEveryBitUntilTheyAreReleased(Backend backend) {
    Map<String, float[]> before = new LinkedHashMap<>();
    try (ResNet model = new ResNet(backend, config(), new SplittableRandom(3))) {
      model.stateDict(backend).forEach((n, t) -> before.put(n, t.toFloats()));
    }
    Recipe r =
        recipe("fineTuning={freeze:'layer2',unfreezeEvery:1,frozenNorms:'frozen',layerDecay:1}");
    Map<String, float[]> after = train(backend, r, false, 4);
    for (String name : after.keySet()) {
      boolean frozen = name.matches("(conv1|bn1|layer1)\\..*");
      boolean same = java.util.Arrays.equals(before.get(name), after.get(name));
      assertEquals(frozen, same, name);
    }
  }

  @OnEveryDevice
  void replayedStepsGiveTheBitsOfEagerOnesWithEveryPiece(Backend backend) {
    for (String[] changes :
        List.of(
            new String[] {MIXED},
            new String[] {MIXED, "smoothingMode='others'"},
            new String[] {
              "fineTuning={freeze:'layer1',unfreezeEvery:1,frozenNorms:'all',layerDecay:0.5}"
            })) {
      Map<String, float[]> eager = train(backend, recipe(changes), true, 4);
      Map<String, float[]> replayed = train(backend, recipe(changes), false, 4);
      eager.forEach((n, v) -> assertArrayEquals(v, replayed.get(n), 0, n + changes[0]));
    }
  }

  @OnEveryDevice
  void earlierStagesMoveAtLowerRates(Backend backend) {
    Recipe r =
        recipe(
            "noDecayNormBias=true",
            "fineTuning={freeze:'none',unfreezeEvery:0,frozenNorms:'frozen',layerDecay:0.5}");
    try (ResNet model = new ResNet(backend, config(), new SplittableRandom(3));
        Optimizer o = OptimizerFactory.of(backend, r, model)) {
      o.setLr(0.32);
      o.setWeightDecay(0.7);
      for (int g = 0; g < o.groups().size(); g++) {
        for (String name : o.groups().get(g).parameters().keySet()) {
          int stage = ModelStages.of(model).indexOf(name);
          assertEquals(0.32 * Math.pow(0.5, 5 - stage), o.lr(g), 1e-12, name);
          boolean weight = o.groups().get(g).parameters().get(name).decay();
          assertEquals(weight ? 0.7 : 0, o.weightDecay(g), name);
        }
      }
    }
  }

  @Test
  void aStageThatTheModelLacksIsNamed() {
    Backend backend = TestDevices.cpu();
    Recipe r =
        recipe("fineTuning={freeze:'layer9',unfreezeEvery:0,frozenNorms:'all',layerDecay:1}");
    try (ResNet model = new ResNet(backend, config(), new SplittableRandom(3))) {
      UserError e =
          assertThrows(UserError.class, () -> new Freezing(model, r.schedule().fineTuning()));
      assertTrue(e.getMessage().contains("none, stem, layer1, layer2"), e.getMessage());
    }
  }

  @Test
  void cutmixPastesTheBoxOfThePictureBefore() {
    try (Arena arena = Arena.ofConfined()) {
      Batch b = batch(arena, 3, 1);
      byte[] before = b.pixels().toArray(ValueLayout.JAVA_BYTE);
      Mixing.paste(b.pixels(), b.size(), b.width(), b.channels(), new Region(3, 2, 4, 7));
      byte[] after = b.pixels().toArray(ValueLayout.JAVA_BYTE);
      int picture = SIDE * SIDE * 3;
      for (int i = 0; i < after.length; i++) {
        int x = i / 3 % SIDE;
        int y = i / 3 / SIDE % SIDE;
        boolean inside = x >= 2 && x < 9 && y >= 3 && y < 7;
        int from = inside ? (i - picture + after.length) % after.length : i;
        assertEquals(before[from], after[i], "byte " + i);
      }
    }
  }

  @OnEveryDevice
  void mixupBlendsPicturesAndTargetsAlike(Backend backend) {
    try (var _ = TestDevices.noLeaks(backend);
        Arena arena = Arena.ofConfined();
        Objective objective = new Objective(backend, recipe(MIXED), CLASSES, null);
        Batch b = batch(arena, 3, 2);
        StepInputs plain = new StepInputs(backend, null, DType.F32, b, objective);
        StepInputs mixed = new StepInputs(backend, null, DType.F32, b, objective)) {
      plain.fill(b, Normalization.IMAGENET, objective, Mix.NONE);
      mixed.fill(b, Normalization.IMAGENET, objective, new Mix(0.3, null));
      assertBlend(backend.memory().download(plain.images()), mixed.images(), backend);
      assertBlend(backend.memory().download(plain.targets()), mixed.targets(), backend);
    }
  }

  private static void assertBlend(HostTensor plain, engine.tensor.Tensor mixed, Backend backend) {
    float[] x = plain.toFloats();
    float[] y = backend.memory().download(mixed).toFloats();
    int row = x.length / 3;
    for (int i = 0; i < x.length; i++) {
      assertEquals(0.3 * x[i] + 0.7 * x[(i - row + x.length) % x.length], y[i], 1e-6);
    }
  }

  @Test
  void mixingDependsOnTheStepAloneAndDrawsBothKinds() {
    BatchMixer mixer = new BatchMixer(recipe(MIXED).augment().regularization(), 7);
    int pasted = 0;
    for (int step = 0; step < 200; step++) {
      Mix a = mixer.draw(step, 20, 30);
      Mix b = mixer.draw(step, 20, 30);
      assertEquals(a.lambda(), b.lambda());
      assertEquals(a.box(), b.box());
      pasted += a.box() == null ? 0 : 1;
    }
    assertTrue(pasted > 70 && pasted < 130, "cutmix in " + pasted + " of 200");
    assertNotEquals(mixer.draw(0, 20, 30).lambda(), mixer.draw(1, 20, 30).lambda());
  }

  @Test
  void mixingEndsAfterItsEpoch() {
    Regularization r = new Regularization("none", 0, 0.2, 0, 3, 0);
    assertTrue(r.mixesIn(2));
    assertFalse(r.mixesIn(3));
  }

  @OnEveryDevice
  void softTargetsCarrySmoothingAndClassWeights(Backend backend) {
    float[] weights = {1, 2, 0.5f, 1, 3};
    try (Objective soft = new Objective(backend, recipe(MIXED), CLASSES, weights)) {
      float[] q = soft.targets(new int[] {1}, Mix.NONE).toFloats();
      assertArrayEquals(new float[] {0.02f, 1.84f, 0.01f, 0.02f, 0.06f}, q, 1e-6f);
    }
  }

  @Test
  void smoothingOverTheOthersTakesNoClassWeights() {
    Balance weighted = new Balance("balanced", "shuffle");
    UserError e =
        assertThrows(
            UserError.class, () -> new LossSettings(0.1, "others", weighted, LossScale.AUTO));
    assertTrue(e.getMessage().contains("uniform, not with others"), e.getMessage());
  }
}
