package engine.backend.cuda.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import engine.backend.Optimizers.AdamRule;
import engine.backend.Optimizers.SgdRule;
import engine.backend.Optimizers.Slot;
import engine.backend.cuda.CudaBackend;
import engine.backend.cuda.OnEveryGpu;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Filters' gradients that cuDNN leaves as halves are read by the optimisers as they are: to the
 * bits of the same gradients in fp32.
 */
final class HalfGradientsTest {
  /** Of every remainder by 4, some of several blocks, and more tensors than one launch takes. */
  private static final int TENSORS = 58;

  private static List<HostTensor> drawn(long seed) {
    Random random = new Random(seed);
    List<HostTensor> all = new ArrayList<>();
    for (int i = 0; i < TENSORS; i++) {
      int blocks = 4096 * (1 + i / 20) + (i % 20 == 9 ? 0 : 5);
      float[] v = new float[i % 10 == 9 ? blocks : 1 + i * 7 % 23];
      for (int k = 0; k < v.length; k++) {
        v[k] = Float.float16ToFloat(Float.floatToFloat16((float) random.nextGaussian()));
      }
      all.add(HostTensor.of(v, v.length));
    }
    return all;
  }

  /** Every other gradient is a half, if any is. */
  private static List<HostTensor> stepped(CudaBackend gpu, boolean halves) {
    var memory = gpu.memory();
    List<Slot> slots = new ArrayList<>();
    List<Tensor> gradients = new ArrayList<>();
    for (HostTensor g : drawn(1)) {
      Tensor wide = memory.upload(g);
      int i = slots.size();
      Tensor gradient = halves && i % 2 == 0 ? memory.cast(wide, DType.F16) : wide.retain();
      wide.close();
      Tensor p = memory.upload(drawn(2).get(i));
      gradients.add(gradient);
      slots.add(new Slot(p, gradient, memory.zerosLike(p), memory.zerosLike(p), null, i));
    }
    List<HostTensor> out = new ArrayList<>();
    try (Tensor rates = memory.upload(HostTensor.of(new float[] {0.01f, 0.1f}, 2));
        Tensor steps = memory.zeros(DType.F32, Shape.of(TENSORS));
        Tensor norm = gpu.optimizers().norm(gradients)) {
      AdamRule adam = new AdamRule(0.9, 0.999, 1e-8, true, false);
      gpu.optimizers().adamInPlace(slots, adam, rates, steps, null);
      gpu.optimizers().sgdInPlace(slots, new SgdRule(0.9, 0, true), rates, steps, null);
      out.add(memory.download(norm));
    }
    for (Slot s : slots) {
      for (Tensor t : List.of(s.parameter(), s.first(), s.second())) {
        out.add(memory.download(t));
        t.close();
      }
      s.gradient().close();
    }
    return out;
  }

  @OnEveryGpu
  void everyElementIsTakenOnce(CudaBackend gpu) {
    var memory = gpu.memory();
    List<Tensor> averages = drawn(3).stream().map(memory::upload).toList();
    List<Tensor> values = drawn(4).stream().map(memory::upload).toList();
    try (Tensor weights = memory.upload(HostTensor.of(new float[] {0.5f, 0.25f}, 2));
        Tensor norm = gpu.optimizers().norm(values)) {
      double squares = 0;
      for (HostTensor v : drawn(4)) {
        for (float f : v.toFloats()) {
          squares += (double) f * f;
        }
      }
      float[] found = memory.download(norm).toFloats();
      assertEquals((float) Math.sqrt(squares), found[0], Math.ulp(found[0]));
      gpu.optimizers().emaInPlace(averages, values, weights);
      for (int i = 0; i < TENSORS; i++) {
        float[] a = drawn(3).get(i).toFloats();
        float[] v = drawn(4).get(i).toFloats();
        for (int k = 0; k < a.length; k++) {
          a[k] = 0.5f * a[k] + 0.25f * v[k]; // of halves: exact
        }
        assertArrayEquals(a, memory.download(averages.get(i)).toFloats(), 0, "tensor " + i);
      }
    }
    averages.forEach(Tensor::close);
    values.forEach(Tensor::close);
  }

  @OnEveryGpu
  void optimisersReadHalfGradientsToTheBitsOfWideOnes(CudaBackend gpu) {
    List<HostTensor> wide = stepped(gpu, false);
    List<HostTensor> halves = stepped(gpu, true);
    assertEquals(wide.size(), halves.size());
    for (int i = 0; i < wide.size(); i++) {
      assertArrayEquals(wide.get(i).toFloats(), halves.get(i).toFloats(), 0, "result " + i);
    }
  }
}
