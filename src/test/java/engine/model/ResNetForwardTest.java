package engine.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.TestDevices;
import engine.autograd.Tape;
import engine.backend.Backend;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ResNetForwardTest {
  private static final Backend CPU = TestDevices.cpu();

  @ParameterizedTest
  @CsvSource({"33, 47", "1, 1", "32, 32", "64, 40"})
  void anyImageSizeGivesOneRowOfLogitsAnImage(int h, int w) {
    try (ResNet net = SmallResNets.open(CPU, SmallResNets.thin(50, 4), 1)) {
      HostTensor y = SmallResNets.evaluate(CPU, net, SmallResNets.images(2, 3, h, w, 1), null);
      assertArrayEquals(new long[] {2, 10}, y.shape().dims());
      for (float v : y.toFloats()) {
        assertTrue(Float.isFinite(v), "a logit is " + v);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(ResNetConfig.Stem.class)
  void oneChannelIsTrainedAsThree(ResNetConfig.Stem stem) {
    ResNetConfig config = new ResNetConfig(18, 8, 1, 4, stem, 0, false);
    try (ResNet net = SmallResNets.open(CPU, config, 1)) {
      HostTensor x = SmallResNets.images(4, 1, 28, 28, 1);
      double loss = SmallResNets.train(CPU, net, x, new int[] {0, 1, 2, 3}, 1);
      assertTrue(Double.isFinite(loss));
      net.parameters().forEach((name, p) -> assertTrue(p.grad() != null, name));
    }
  }

  @Test
  void theSmallStemKeepsTheSizeOfTheImage() {
    ResNetConfig config = new ResNetConfig(18, 8, 3, 10, ResNetConfig.Stem.SMALL, 0, false);
    try (ResNet net = SmallResNets.open(CPU, config, 1)) {
      assertEquals(Shape.of(8, 3, 3, 3), net.parameters().get("conv1.weight").shape());
      Map<String, Shape> seen = shapes(net, 32);
      assertEquals(
          List.of("conv1", "bn1", "layer1", "layer2", "layer3", "layer4", "avgpool"),
          List.copyOf(seen.keySet()));
      assertEquals(Shape.of(1, 8, 32, 32), seen.get("layer1"));
      assertEquals(Shape.of(1, 64, 4, 4), seen.get("layer4"));
    }
  }

  @Test
  void theProbeSeesTorchvisionsLayersOfTheStandardStem() {
    try (ResNet net = SmallResNets.open(CPU, SmallResNets.thin(50, 4), 1)) {
      Map<String, Shape> seen = shapes(net, 64);
      assertEquals(Shape.of(1, 4, 32, 32), seen.get("bn1"));
      assertEquals(Shape.of(1, 4, 16, 16), seen.get("maxpool"));
      assertEquals(Shape.of(1, 16, 16, 16), seen.get("layer1"));
      assertEquals(Shape.of(1, 128, 2, 2), seen.get("layer4"));
      assertEquals(Shape.of(1, 128, 1, 1), seen.get("avgpool"));
    }
  }

  @Test
  void lookingOnChangesNothing() {
    HostTensor x = SmallResNets.images(4, 3, 40, 40, 1);
    try (ResNet a = SmallResNets.open(CPU, SmallResNets.thin(18, 4), 1);
        ResNet b = SmallResNets.open(CPU, SmallResNets.thin(18, 4), 1)) {
      for (ResNet net : List.of(a, b)) {
        try (Tape tape = Tape.training(CPU)) {
          net.forward(
              tape,
              tape.constant(CPU.memory().upload(x)),
              net == a ? null : (layer, activation) -> {});
        }
      }
      SmallResNets.assertSameBits(a.stateDict(CPU), b.stateDict(CPU));
    }
  }

  @Test
  void aBatchOfOnePixelHasNoStatistics() {
    try (ResNet net = SmallResNets.open(CPU, SmallResNets.thin(18, 4), 1)) {
      HostTensor x = SmallResNets.images(1, 3, 32, 32, 1);
      String message =
          assertThrows(
                  IllegalArgumentException.class,
                  () -> SmallResNets.train(CPU, net, x, new int[] {0}, 1))
              .getMessage();
      assertTrue(message.contains("larger --batch"), message);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 17, 152})
  void anUnknownDepthNamesThoseThereAre(int depth) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> SmallResNets.thin(depth, 4))
            .getMessage();
    assertTrue(message.contains("resnet18, resnet34, resnet50 or resnet101"), message);
  }

  private static Map<String, Shape> shapes(ResNet net, int size) {
    Map<String, Shape> out = new LinkedHashMap<>();
    HostTensor x = SmallResNets.images(1, 3, size, size, 1);
    SmallResNets.evaluate(CPU, net, x, (layer, v) -> out.put(layer, v.shape()));
    return out;
  }
}
