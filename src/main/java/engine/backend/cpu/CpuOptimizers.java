package engine.backend.cpu;

import engine.backend.Optimizers;
import engine.backend.cpu.OptimizerLoops.Decays;
import engine.backend.cpu.OptimizerLoops.Stride;
import engine.backend.cpu.dnnl.CpuMemory;
import engine.backend.cpu.runtime.CpuQueue;
import engine.backend.cpu.runtime.Parallel;
import engine.backend.cpu.runtime.Raw;
import engine.backend.cpu.runtime.TensorBlocks;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * Optimiser steps in Java, over {@link TensorBlocks}; the arithmetic is in {@link OptimizerLoops}.
 */
final class CpuOptimizers implements Optimizers {
  private final CpuMemory memory;
  private final CpuQueue queue;
  private final Parallel parallel;

  CpuOptimizers(CpuMemory memory, CpuQueue queue, Parallel parallel) {
    this.memory = memory;
    this.queue = queue;
    this.parallel = parallel;
  }

  @Override
  public void adamInPlace(
      List<Slot> slots, AdamRule rule, Tensor rates, Tensor steps, Tensor control) {
    List<Tensor> p = column(slots, Slot::parameter);
    List<Tensor> g = column(slots, Slot::gradient);
    List<Tensor> m = column(slots, Slot::first);
    List<Tensor> v = column(slots, Slot::second);
    TensorBlocks blocks =
        rule.amsgrad()
            ? new TensorBlocks(p, g, m, v, column(slots, Slot::third))
            : new TensorBlocks(p, g, m, v);
    boolean[] writes = {true, false, true, true, rule.amsgrad()};
    int[] index = slots.stream().mapToInt(Slot::index).toArray();
    Stride[] strides = new Stride[index.length];
    float a1 = (float) (1 - rule.beta1());
    float b2 = (float) rule.beta2();
    float a2 = (float) (1 - rule.beta2());
    float eps = (float) rule.eps();
    long rate = rates.address();
    long step = steps.address();
    Control gradients = new Control(control);
    queue.run(
        () -> {
          if (gradients.skips()) {
            return;
          }
          double lr = Raw.f32(rate, 0);
          double decay = Raw.f32(rate, 1);
          float shrink = rule.decoupled() ? (float) (1 - lr * decay) : 1;
          for (int i = 0; i < index.length; i++) {
            double t = Raw.f32(step, index[i]) + 1;
            Raw.f32(step, index[i], (float) t);
            float stepSize = (float) (lr / (1 - StrictMath.pow(rule.beta1(), t)));
            float rootScale = (float) (1 / Math.sqrt(1 - StrictMath.pow(rule.beta2(), t)));
            strides[i] = new Stride(shrink, stepSize, rootScale, eps);
          }
          float l2 = rule.decoupled() ? 0 : (float) decay;
          Decays decays = new Decays(gradients.factor(), l2, a1, b2, a2);
          blocks.forEach(
              parallel,
              writes,
              (block, t, x, n) -> {
                float[] second = x[3];
                OptimizerLoops.moments(x[0], x[1], x[2], second, decays, n);
                float[] root = second;
                if (rule.amsgrad()) {
                  root = x[4];
                  OptimizerLoops.max(root, second, n);
                }
                OptimizerLoops.adam(x[0], x[2], root, strides[t], n);
              });
        });
  }

  @Override
  public void sgdInPlace(
      List<Slot> slots, SgdRule rule, Tensor rates, Tensor steps, Tensor control) {
    boolean momentum = rule.momentum() != 0;
    List<Tensor> p = column(slots, Slot::parameter);
    List<Tensor> g = column(slots, Slot::gradient);
    TensorBlocks blocks =
        momentum ? new TensorBlocks(p, g, column(slots, Slot::first)) : new TensorBlocks(p, g);
    boolean[] writes = {true, false, momentum};
    int[] index = slots.stream().mapToInt(Slot::index).toArray();
    boolean[] started = new boolean[index.length];
    float keep = (float) rule.momentum();
    float add = (float) (1 - rule.dampening());
    long rate = rates.address();
    long step = steps.address();
    Control gradients = new Control(control);
    queue.run(
        () -> {
          if (gradients.skips()) {
            return;
          }
          for (int i = 0; i < index.length; i++) {
            started[i] = Raw.f32(step, index[i]) > 0;
            Raw.f32(step, index[i], Raw.f32(step, index[i]) + 1);
          }
          float lr = Raw.f32(rate, 0);
          float decay = Raw.f32(rate, 1);
          float factor = gradients.factor();
          blocks.forEach(
              parallel,
              writes,
              (block, t, columns, n) -> {
                float[] x = columns[0];
                float[] dx = columns[1];
                float[] buffer = columns[2];
                OptimizerLoops.gradient(dx, x, factor, decay, n);
                if (momentum) {
                  OptimizerLoops.blend(buffer, dx, started[t] ? keep : 0, started[t] ? add : 1, n);
                }
                if (rule.nesterov()) {
                  OptimizerLoops.blend(dx, buffer, 1, keep, n);
                }
                boolean buffered = momentum && !rule.nesterov();
                OptimizerLoops.blend(x, buffered ? buffer : dx, 1, -lr, n);
              });
        });
  }

  @Override
  public Tensor norm(List<Tensor> tensors) {
    Tensor out = memory.empty(DType.F32, Shape.of(2));
    long to = out.address();
    TensorBlocks blocks = new TensorBlocks(tensors);
    // One sum a block, added in order: the same bits for any number of threads.
    double[] sums = new double[blocks.count()];
    boolean[] writes = {false};
    queue.run(
        () -> {
          Arrays.fill(sums, 0);
          blocks.forEach(
              parallel,
              writes,
              (block, t, x, n) -> sums[block] += OptimizerLoops.sumOfSquares(x[0], n));
          double sum = 0;
          for (double s : sums) {
            sum += s;
          }
          Raw.f32(to, 0, (float) Math.sqrt(sum));
          // Squares of finite floats stay far below the largest double.
          Raw.f32(to, 1, Double.isFinite(sum) ? 0 : 1);
        });
    return out;
  }

  @Override
  public void controlInPlace(Tensor norm, Tensor lossScale, double maxNorm, Tensor control) {
    long from = norm.address();
    long scale = lossScale == null ? 0 : lossScale.address();
    long to = control.address();
    queue.run(
        () -> {
          float unscale = scale == 0 ? 1 : (float) (1 / (double) Raw.f32(scale, 0));
          float total = Raw.f32(from, 0) * unscale;
          float clip =
              Double.isInfinite(maxNorm) ? 1 : Math.min(1, (float) maxNorm / (total + 1e-6f));
          Raw.f32(to, 0, unscale * clip);
          Raw.f32(to, 1, scale == 0 ? 0 : Raw.f32(from, 1));
          Raw.f32(to, 2, total);
        });
  }

  @Override
  public void scaleInPlace(List<Tensor> gradients, Tensor control) {
    TensorBlocks blocks = new TensorBlocks(gradients);
    boolean[] writes = {true};
    Control c = new Control(control);
    queue.run(
        () -> {
          float factor = c.factor();
          blocks.forEach(
              parallel, writes, (block, t, x, n) -> OptimizerLoops.scale(x[0], factor, n));
        });
  }

  @Override
  public void lossScaleInPlace(
      Tensor lossScale,
      Tensor tracker,
      Tensor control,
      double growth,
      double backoff,
      int interval) {
    long scale = lossScale.address();
    long good = tracker.address();
    Control c = new Control(control);
    queue.run(
        () -> {
          float s = Raw.f32(scale, 0);
          float run = c.skips() ? 0 : Raw.f32(good, 0) + 1;
          if (c.skips()) {
            s = (float) (s * backoff);
          } else if (run == interval) {
            float grown = (float) (s * growth);
            s = Float.isFinite(grown) ? grown : s;
            run = 0;
          }
          Raw.f32(scale, 0, s);
          Raw.f32(good, 0, run);
        });
  }

  @Override
  public void emaInPlace(List<Tensor> average, List<Tensor> value, Tensor weights) {
    TensorBlocks blocks = new TensorBlocks(average, value);
    boolean[] writes = {true, false};
    long w = weights.address();
    queue.run(
        () -> {
          float keep = Raw.f32(w, 0);
          float add = Raw.f32(w, 1);
          blocks.forEach(
              parallel, writes, (block, t, x, n) -> OptimizerLoops.blend(x[0], x[1], keep, add, n));
        });
  }

  private static List<Tensor> column(List<Slot> slots, Function<Slot, Tensor> of) {
    List<Tensor> out = new ArrayList<>(slots.size());
    for (Slot s : slots) {
      out.add(of.apply(s));
    }
    return out;
  }

  /** The control tensor, read when the kernel runs. */
  private record Control(long address) {
    Control(Tensor control) {
      this(control == null ? 0 : control.address());
    }

    float factor() {
      return address == 0 ? 1 : Raw.f32(address, 0);
    }

    boolean skips() {
      return address != 0 && Raw.f32(address, 1) != 0;
    }
  }
}
