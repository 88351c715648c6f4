package engine.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import engine.OnEveryDevice;
import engine.TestDevices;
import engine.autograd.Tape;
import engine.backend.Backend;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.SplittableRandom;

/** Norms folded into convolutions give the answers that the layers one by one give. */
class FoldedInferenceTest {
  private static final ResNetConfig[] MODELS = {
    new ResNetConfig(50, 8, 3, 10, ResNetConfig.Stem.STANDARD, 0.3, false),
    new ResNetConfig(18, 16, 1, 7, ResNetConfig.Stem.SMALL, 0, false)
  };

  @OnEveryDevice
  void foldedLogitsEqualThoseOfTheLayers(Backend backend) {
    try (var _ = TestDevices.noLeaks(backend)) {
      for (ResNetConfig config : MODELS) {
        SplittableRandom random = new SplittableRandom(5);
        float[] pixels = new float[3 * config.inChannels() * 40 * 33];
        for (int i = 0; i < pixels.length; i++) {
          pixels[i] = (float) random.nextGaussian();
        }
        HostTensor x = HostTensor.of(pixels, 3, config.inChannels(), 40, 33);
        try (ResNet model = new ResNet(backend, config, random)) {
          trainStatistics(backend, model, x);
          float[] plain = logits(backend, model, x);
          model.foldNorms(backend);
          float[] folded = logits(backend, model, x);
          assertArrayEquals(plain, folded, 2e-4f, config.name());
          model.unfoldNorms();
          assertArrayEquals(plain, logits(backend, model, x), 0, "unfolding restores the layers");
        }
      }
    }
  }

  @OnEveryDevice
  void inferenceKeepsNoMoreThanAFewActivations(Backend backend) {
    ResNetConfig config = MODELS[0];
    HostTensor x = HostTensor.zeros(DType.F32, Shape.of(8, 3, 64, 64));
    try (ResNet model = new ResNet(backend, config, new SplittableRandom(1))) {
      model.foldNorms(backend);
      logits(backend, model, x);
      long before = backend.memory().liveTensors();
      try (Tape tape = Tape.inference(backend)) {
        model.forward(tape, tape.constant(backend.memory().upload(x)));
        // The input, the last stage, pooled features, their flat view, the logits.
        assertEquals(5, backend.memory().liveTensors() - before, 2);
      }
    }
  }

  /** Running statistics that are not the identity. */
  private static void trainStatistics(Backend backend, ResNet model, HostTensor x) {
    Tensor random = backend.memory().zeros(DType.I64, Shape.of(2));
    try (random;
        Tape tape = Tape.training(backend).withRandom(random)) {
      model.forward(tape, tape.constant(backend.memory().upload(x)));
    }
  }

  private static float[] logits(Backend backend, ResNet model, HostTensor x) {
    try (Tape tape = Tape.inference(backend)) {
      var y = model.forward(tape, tape.constant(backend.memory().upload(x)));
      return backend.memory().download(y.value()).toFloats();
    }
  }
}
