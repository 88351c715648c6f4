package engine.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import engine.TestDevices;
import engine.backend.Backend;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Names, order, shapes and types of the state dict against torchvision's; {@code make.py} lists
 * those.
 */
final class ResNetStateTest {
  private static final Backend CPU = TestDevices.cpu();
  private static final Path FILE = Path.of("src/test/resources/engine/model/resnet50.txt");

  /** Draws no numbers: where only names and shapes count, millions of them would take seconds. */
  private static final RandomGenerator ZEROS =
      new RandomGenerator() {
        @Override
        public long nextLong() {
          return 0;
        }

        @Override
        public double nextGaussian() {
          return 0;
        }
      };

  /** Hashes of what {@code make.py} prints, which for resnet50 is the file beside it. */
  @ParameterizedTest
  @CsvSource({
    "18, 11689512, e6fc4e6cc01d277873ce3c7515d5c1370c05a4414bf47b08a1814af794f47d9e",
    "34, 21797672, 69f47219a8daa375cf463a086fb9a489f76551075e63edc52ef5c1f14b4e8349",
    "50, 25557032, 87f29bba021f2bd5f5bdcb8a46fcb2ad0f275fc4c8854f20a5049f0e48f1960b",
    "101, 44549160, 18dcaf74d2afb776f46386ac48590429b31c447a52282dce6d0e4713db5faa33"
  })
  void namesShapesAndCountAreTorchvisions(int depth, long parameters, String sha256)
      throws Exception {
    try (ResNet net = new ResNet(CPU, SmallResNets.standard(depth, 1000), ZEROS)) {
      assertEquals(parameters, net.parameterCount());
      String listing = listing(net);
      if (depth == 50) {
        assertEquals(Files.readString(FILE), listing);
      }
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(listing.getBytes(StandardCharsets.UTF_8));
      assertEquals(sha256, HexFormat.of().formatHex(hash));
    }
  }

  @Test
  void theWidthFactorScalesChannelsAndKeepsNames() {
    try (ResNet wide = SmallResNets.open(CPU, SmallResNets.thin(50, 16), 1);
        ResNet thin = SmallResNets.open(CPU, SmallResNets.thin(50, 4), 1)) {
      assertEquals(wide.parameters().keySet(), thin.parameters().keySet());
      Shape a = wide.parameters().get("layer3.2.conv3.weight").shape();
      Shape b = thin.parameters().get("layer3.2.conv3.weight").shape();
      assertArrayEquals(new long[] {256, 64, 1, 1}, a.dims());
      assertArrayEquals(new long[] {64, 16, 1, 1}, b.dims());
      assertArrayEquals(new long[] {10, 128}, thin.parameters().get("fc.weight").shape().dims());
    }
  }

  @Test
  void zeroInitStartsEachBlockAsTheIdentity() {
    ResNetConfig config = new ResNetConfig(50, 4, 3, 10, ResNetConfig.Stem.STANDARD, 0, true);
    try (ResNet net = SmallResNets.open(CPU, config, 1)) {
      Map<String, HostTensor> state = net.stateDict(CPU);
      assertEquals(0, state.get("layer2.1.bn3.weight").get(0));
      assertEquals(1, state.get("layer2.1.bn2.weight").get(0));
      assertEquals(1, state.get("layer2.0.downsample.1.weight").get(0));
    }
  }

  @Test
  void aStateDictGoesThroughAnotherModelUnchanged() {
    try (ResNet a = SmallResNets.open(CPU, SmallResNets.thin(18, 5), 1);
        ResNet b = SmallResNets.open(CPU, SmallResNets.thin(18, 5), 2)) {
      // A step moves weights to other layouts and changes statistics and counters.
      SmallResNets.train(CPU, a, SmallResNets.images(4, 3, 40, 40, 3), new int[] {0, 1, 2, 3}, 1);
      Map<String, HostTensor> state = a.stateDict(CPU);
      b.loadStateDict(CPU, state);
      SmallResNets.assertSameBits(state, b.stateDict(CPU));
      assertEquals(1, state.get("bn1.num_batches_tracked").item());
    }
  }

  private static String listing(ResNet net) {
    StringBuilder out = new StringBuilder();
    net.stateDict(CPU)
        .forEach((n, t) -> out.append("%s %s %s\n".formatted(n, t.shape(), t.dtype())));
    return out.toString();
  }
}
