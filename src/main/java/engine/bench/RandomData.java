package engine.bench;

import engine.backend.Backend;
import engine.data.loader.Batch;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/** Images and tensors of random values, made on the fly. */
final class RandomData {
  private RandomData() {}

  /** Random pixels and classes; the memory is the arena's. */
  static Batch batch(Arena arena, int n, int side, int channels, int classes, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] bytes = new byte[Math.toIntExact((long) n * side * side * channels)];
    random.nextBytes(bytes);
    MemorySegment pixels = arena.allocate(bytes.length, 64);
    MemorySegment.copy(MemorySegment.ofArray(bytes), 0, pixels, 0, bytes.length);
    int[] labels = random.ints(n, 0, classes).toArray();
    return Batch.of(pixels, side, side, channels, labels);
  }

  /** Uniform values from -0.5 to 0.5 on the device, row-major. */
  static Tensor tensor(Backend backend, DType type, Shape shape, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[Math.toIntExact(shape.elements())];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt() * 0x1p-32f;
    }
    try (Tensor t = backend.memory().upload(HostTensor.of(values, shape.dims()))) {
      return backend.memory().toRowMajor(t, type);
    }
  }
}
