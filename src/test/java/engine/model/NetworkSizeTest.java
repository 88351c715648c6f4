package engine.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import engine.TestDevices;
import engine.autograd.Tape;
import engine.autograd.TapeObserver;
import engine.autograd.Variable;
import engine.backend.Backend;
import engine.model.EfficientNetConfig.Variant;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a description says of a network's size is what the network has. */
final class NetworkSizeTest {
  static Stream<NetworkConfig> networks() {
    List<NetworkConfig> out = new ArrayList<>();
    for (int depth : new int[] {18, 34, 50, 101}) {
      for (ResNetConfig.Stem stem : ResNetConfig.Stem.values()) {
        out.add(new ResNetConfig(depth, 4, 3, 7, stem, 0, false));
      }
    }
    for (int scale : new int[] {0, 3}) {
      out.add(new EfficientNetConfig(scale, 0.25, 1, 7, 0, 0));
      out.add(new EfficientNetConfig(Variant.LITE, scale, 0.25, 3, 7, 0, 0));
      out.add(new EfficientNetConfig(Variant.TENSORFLOW, scale, 0.25, 3, 7, 0, 0));
    }
    for (MobileNetConfig.Generation g : MobileNetConfig.Generation.values()) {
      out.add(new MobileNetConfig(g, 0.25, 1, 7, 0));
    }
    out.add(new ConvNextConfig(List.of(1, 2, 3, 1), 1 / 16.0, 3, 7, 0, 0));
    return out.stream();
  }

  @ParameterizedTest
  @MethodSource("networks")
  void sizesAreThoseOfTheNetwork(NetworkConfig config) {
    Backend cpu = TestDevices.cpu();
    int side = 45; // odd: strides round up
    try (var _ = TestDevices.noLeaks(cpu);
        Network network = config.create(cpu, null)) {
      NetworkSize size = NetworkSize.of(config, side);
      assertEquals(network.parameterCount(), size.parameters());
      ConvolutionResults results = new ConvolutionResults();
      try (Tape tape = Tape.evaluation(cpu).withObserver(results, network.parameters())) {
        Shape images = Shape.of(1, config.inChannels(), side, side);
        network.forward(tape, tape.constant(cpu.memory().zeros(DType.F32, images)));
      }
      assertEquals(results.all, size.activations());
      assertEquals(results.largest, size.largest());
    }
  }

  /** Those of one pixel are squeeze-and-excitation's, or of no weight. */
  private static final class ConvolutionResults implements TapeObserver {
    private long all;
    private long largest;

    @Override
    public void forward(Op op, Variable output) {
      boolean gate = op.layer().endsWith(".fc1") || op.layer().endsWith(".fc2");
      if (op.name().equals("conv2d") && !gate) {
        all += output.shape().elements();
        largest = Math.max(largest, output.shape().elements());
      }
    }

    @Override
    public void backward(Op op, Variable of, String name, Tensor gradient) {}
  }
}
