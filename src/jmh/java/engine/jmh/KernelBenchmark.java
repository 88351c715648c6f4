package engine.jmh;

import engine.autograd.Parameter;
import engine.backend.Backend;
import engine.backend.Devices;
import engine.backend.Losses;
import engine.optim.AdamW;
import engine.optim.Optimizer;
import engine.optim.ParameterGroup;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Kernels on tensors: the optimiser, casts, reductions, the loss. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class KernelBenchmark {
  /** ResNet-50 has 25.6 million parameters; 16 Mi are past every cache. */
  private static final int ELEMENTS = 16 << 20;

  private static final int ROWS = 512;
  private static final int CLASSES = 1000;

  /** Compute threads. */
  @Param({"1", "2"})
  public int threads;

  private Backend backend;
  private Parameter parameter;
  private Optimizer adamw;
  private Tensor gradient;
  private Tensor half;
  private Tensor images;
  private Tensor logits;
  private Tensor targets;

  @Setup(Level.Trial)
  public void open() {
    backend = Devices.open("cpu", threads);
    parameter = new Parameter(random(1, ELEMENTS), true);
    gradient = random(2, ELEMENTS);
    parameter.replaceGrad(gradient.retain());
    adamw = new AdamW(backend, ParameterGroup.all(Map.of("w", parameter), 3e-4, 0.01));
    half = backend.memory().empty(DType.BF16, Shape.of(ELEMENTS));
    images = random(3, 32, 256, 28, 28);
    logits = random(4, ROWS, CLASSES);
    int[] classes = new Random(5).ints(ROWS, 0, CLASSES).toArray();
    targets = backend.memory().upload(HostTensor.of(classes, ROWS));
  }

  @TearDown(Level.Trial)
  public void close() {
    adamw.close();
    parameter.close();
    for (Tensor t : new Tensor[] {gradient, half, images, logits, targets}) {
      t.close();
    }
    backend.close();
  }

  private Tensor random(long seed, long... shape) {
    Random random = new Random(seed);
    float[] values = new float[(int) Shape.of(shape).elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return backend.memory().upload(HostTensor.of(values, shape));
  }

  /** Reads 16 and writes 12 bytes a parameter. */
  @Benchmark
  public void adamw() {
    adamw.step();
  }

  /** Reads 4 and writes 2 bytes an element. */
  @Benchmark
  public void castToHalf() {
    backend.memory().copyInPlace(gradient, half);
  }

  /** Mean over the image axes: reads 4 bytes an element. */
  @Benchmark
  public void meanOverImages() {
    backend.reductions().mean(images, new int[] {2, 3}, false).close();
  }

  /** Loss and gradient of 512 rows of 1000 classes. */
  @Benchmark
  public void crossEntropy() {
    Losses.Result r =
        backend.losses().crossEntropy(logits, targets, null, 0.1f, -100, Losses.Reduction.MEAN);
    r.loss().close();
    r.dlogits().close();
  }

  /** Softmax along the last axis of the same rows. */
  @Benchmark
  public void softmax() {
    backend.reductions().softmax(logits, 1, false).close();
  }
}
