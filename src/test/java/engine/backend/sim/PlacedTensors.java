package engine.backend.sim;

import engine.backend.sim.math.ElementType;
import engine.backend.sim.math.StridedTensor;
import java.util.Arrays;
import java.util.Random;

/** Tensors in the memory of a software GPU, with random values. */
final class PlacedTensors {
  private final SimGpu gpu;
  private final Random random = new Random(5);

  PlacedTensors(SimGpu gpu) {
    this.gpu = gpu;
  }

  /** Values in device memory, channels last. */
  final class Placed {
    final double[] values;
    final long address;
    private final StridedTensor tensor;

    Placed(ElementType type, long[] dims, double[] values, long address) {
      this.values = values;
      this.address = address;
      tensor = new StridedTensor("test", type, dims, CudnnDescriptors.channelsLast(dims), address);
      if (values != null) {
        tensor.write(gpu.device.memory(), values);
      }
    }

    double[] read() {
      return tensor.read(gpu.device.memory());
    }
  }

  Placed halves(long... dims) {
    return values(ElementType.F16, dims);
  }

  Placed values(ElementType type, long... dims) {
    double[] v = new double[StridedTensor.elements(dims)];
    Arrays.setAll(v, i -> type.round(random.nextGaussian()));
    return new Placed(type, dims, v, gpu.allocate((long) type.bytes() * v.length));
  }

  Placed bytes(long... dims) {
    double[] v = new double[StridedTensor.elements(dims)];
    Arrays.setAll(v, i -> random.nextInt(-128, 128));
    return new Placed(ElementType.I8, dims, v, gpu.allocate(v.length));
  }

  /** The same fp32 number for each channel. */
  Placed floats(double value, long channels) {
    double[] v = new double[(int) channels];
    Arrays.fill(v, value);
    long[] dims = {1, channels, 1, 1};
    return new Placed(ElementType.F32, dims, v, gpu.allocate(4 * channels));
  }

  Placed empty(ElementType type, long... dims) {
    return new Placed(
        type, dims, null, gpu.allocate((long) type.bytes() * StridedTensor.elements(dims)));
  }
}
