package engine.backend.cuda.ops;

import engine.backend.Optimizers;
import engine.backend.cuda.driver.Launcher;
import engine.backend.cuda.driver.TensorLists;
import engine.backend.cuda.memory.CudaMemory;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Optimiser steps over many tensors a launch; nothing here waits for the device. */
public final class CudaOptimizers implements Optimizers {
  private static final int BLOCK = 256;

  /** Their column in the lists of the optimisers' kernels. */
  private static final int GRADIENTS = 1;

  private final CudaMemory memory;
  private final Launcher launch;

  public CudaOptimizers(CudaMemory memory, Launcher launch) {
    this.memory = memory;
    this.launch = launch;
  }

  @Override
  public void adamInPlace(
      List<Slot> slots, AdamRule rule, Tensor rates, Tensor steps, Tensor control) {
    try (Arena arena = Arena.ofConfined();
        Tensor factors = memory.empty(DType.F32, Shape.of(steps.shape().elements(), 2))) {
      int[] index = slots.stream().mapToInt(Slot::index).toArray();
      for (TensorLists.Part p : TensorLists.indices(arena, index)) {
        launch
            .kernel("adam_steps")
            .of(p.struct())
            .of(p.tensors())
            .of(rates)
            .of(steps)
            .of(control)
            .of(rule.beta1())
            .of(rule.beta2())
            .of(factors)
            .threads(p.tensors());
      }
      MemorySegment r = arena.allocate(24, 4);
      r.setAtIndex(ValueLayout.JAVA_FLOAT, 0, (float) (1 - rule.beta1()));
      r.setAtIndex(ValueLayout.JAVA_FLOAT, 1, (float) rule.beta2());
      r.setAtIndex(ValueLayout.JAVA_FLOAT, 2, (float) (1 - rule.beta2()));
      r.setAtIndex(ValueLayout.JAVA_FLOAT, 3, (float) rule.eps());
      r.setAtIndex(ValueLayout.JAVA_INT, 4, rule.decoupled() ? 1 : 0);
      r.setAtIndex(ValueLayout.JAVA_INT, 5, copiesAreBf16(slots));
      List<List<Tensor>> columns =
          List.of(
              column(slots, Slot::parameter),
              column(slots, Slot::gradient),
              column(slots, Slot::first),
              column(slots, Slot::second),
              column(slots, rule.amsgrad() ? Slot::third : s -> null),
              column(slots, s -> memory.halfWeights().copyOf(s.parameter())));
      for (TensorLists.Part p : TensorLists.of(arena, columns, GRADIENTS, index)) {
        launch.kernel("adamw").of(p.struct()).of(rates).of(control).of(factors).of(r);
        launch(p);
      }
    }
  }

  @Override
  public void sgdInPlace(
      List<Slot> slots, SgdRule rule, Tensor rates, Tensor steps, Tensor control) {
    try (Arena arena = Arena.ofConfined();
        Tensor started = memory.empty(DType.F32, Shape.of(steps.shape().elements()))) {
      int[] index = slots.stream().mapToInt(Slot::index).toArray();
      for (TensorLists.Part p : TensorLists.indices(arena, index)) {
        launch
            .kernel("sgd_steps")
            .of(p.struct())
            .of(p.tensors())
            .of(steps)
            .of(control)
            .of(started)
            .threads(p.tensors());
      }
      MemorySegment r = arena.allocate(16, 4);
      r.setAtIndex(ValueLayout.JAVA_FLOAT, 0, (float) rule.momentum());
      r.setAtIndex(ValueLayout.JAVA_FLOAT, 1, (float) (1 - rule.dampening()));
      r.setAtIndex(ValueLayout.JAVA_INT, 2, rule.nesterov() ? 1 : 0);
      r.setAtIndex(ValueLayout.JAVA_INT, 3, copiesAreBf16(slots));
      List<List<Tensor>> columns =
          List.of(
              column(slots, Slot::parameter),
              column(slots, Slot::gradient),
              column(slots, rule.momentum() != 0 ? Slot::first : s -> null),
              column(slots, s -> memory.halfWeights().copyOf(s.parameter())));
      for (TensorLists.Part p : TensorLists.of(arena, columns, GRADIENTS, index)) {
        launch.kernel("sgd").of(p.struct()).of(rates).of(control).of(started).of(r);
        launch(p);
      }
    }
  }

  @Override
  public Tensor norm(List<Tensor> tensors) {
    Tensor out = memory.empty(DType.F32, Shape.of(2));
    try (Arena arena = Arena.ofConfined()) {
      List<TensorLists.Part> parts = TensorLists.of(arena, List.of(tensors), 0, null);
      int sums = 0;
      for (TensorLists.Part p : parts) {
        sums += blocks(p);
      }
      try (Tensor partial = memory.empty(DType.F64, Shape.of(sums))) {
        int first = 0;
        for (TensorLists.Part p : parts) {
          launch.kernel("grad_norm_blocks").of(p.struct()).of(partial).of(first);
          launch(p);
          first += blocks(p);
        }
        launch.kernel("grad_norm_finish").of(partial).of(sums).of(out).grid(1, 1, BLOCK);
      }
    }
    return out;
  }

  @Override
  public void controlInPlace(Tensor norm, Tensor lossScale, double maxNorm, Tensor control) {
    launch
        .kernel("grad_control")
        .of(norm)
        .of(lossScale)
        .of((float) maxNorm)
        .of(control)
        .grid(1, 1, 1);
  }

  @Override
  public void scaleInPlace(List<Tensor> gradients, Tensor control) {
    try (Arena arena = Arena.ofConfined()) {
      for (TensorLists.Part p : TensorLists.of(arena, List.of(gradients), 0, null)) {
        launch.kernel("scale_list").of(p.struct()).of(control);
        launch(p);
      }
    }
  }

  @Override
  public void lossScaleInPlace(
      Tensor lossScale,
      Tensor tracker,
      Tensor control,
      double growth,
      double backoff,
      int interval) {
    launch
        .kernel("loss_scale")
        .of(lossScale)
        .of(tracker)
        .of(control)
        .of(growth)
        .of(backoff)
        .of(interval)
        .grid(1, 1, 1);
  }

  @Override
  public void emaInPlace(List<Tensor> average, List<Tensor> value, Tensor weights) {
    try (Arena arena = Arena.ofConfined()) {
      for (TensorLists.Part p : TensorLists.of(arena, List.of(average, value), 0, null)) {
        launch.kernel("ema").of(p.struct()).of(weights);
        launch(p);
      }
    }
  }

  /** One a chunk; tensors without elements are one launch, too. */
  private static int blocks(TensorLists.Part p) {
    return Math.max(1, p.chunks());
  }

  private void launch(TensorLists.Part p) {
    launch.grid(blocks(p), 1, BLOCK);
  }

  /** 1 if the half copies of these parameters are bf16: all are of one format, or none is. */
  private int copiesAreBf16(List<Slot> slots) {
    return slots.stream()
            .map(s -> memory.halfWeights().copyOf(s.parameter()))
            .anyMatch(c -> c != null && c.dtype() == DType.BF16)
        ? 1
        : 0;
  }

  /** A column of the slots; it may hold nulls. */
  private static List<Tensor> column(List<Slot> slots, Function<Slot, Tensor> of) {
    List<Tensor> out = new ArrayList<>(slots.size());
    for (Slot s : slots) {
      out.add(of.apply(s));
    }
    return out;
  }
}
