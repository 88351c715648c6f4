package engine.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import engine.OnEveryDevice;
import engine.TestDevices;
import engine.autograd.Cast;
import engine.autograd.Mul;
import engine.autograd.Parameter;
import engine.autograd.Sum;
import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Backend;
import engine.backend.Recording;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;

/** A whole scaled step, recorded and replayed: gradients go through fp16, where they overflow. */
final class RecordedLossScaleTest {
  private static final int N = 37;

  @OnEveryDevice
  void anOverflowSkipsOneReplayedAdamWStepAndHalvesTheScale(Backend backend) {
    check(backend, p -> new AdamW(backend, ParameterGroup.all(p, 0.1, 0.01)));
  }

  @OnEveryDevice
  void anOverflowSkipsOneReplayedSgdStepAndHalvesTheScale(Backend backend) {
    check(backend, p -> new Sgd(backend, ParameterGroup.all(p, 0.1, 0.01), 0.9, 0, true));
  }

  private static void check(Backend backend, Function<Map<String, Parameter>, Optimizer> rule) {
    Parameter p = new Parameter(backend.memory().upload(ramp(0.01f)), true);
    try (var _ = TestDevices.noLeaks(backend);
        Optimizer optimizer = rule.apply(Map.of("p", p));
        LossScaler scaler = new LossScaler(backend, 4096, 2, 0.5, 3);
        GradClip clip = new GradClip(backend, 1, scaler);
        Tensor x = backend.memory().upload(ramp(0.5f))) {
      Runnable step = () -> step(backend, p, x, optimizer, scaler, clip);
      step.run(); // makes the state
      try (Recording plan = backend.record(step)) {
        assertEquals(4096, scaler.value());
        float[] before = values(backend, p);
        Map<String, HostTensor> state = optimizer.stateDict();
        backend.memory().uploadInPlace(ramp(20), x); // 20 * 4096 overflows fp16 where |x| is large
        plan.replay();
        assertEquals(2048, scaler.value());
        assertEquals(1, scaler.skipped());
        assertArrayEquals(before, values(backend, p), 0, "untouched");
        Map<String, HostTensor> after = optimizer.stateDict();
        state.forEach((k, t) -> assertArrayEquals(t.toBytes(), after.get(k).toBytes(), k));
        backend.memory().uploadInPlace(ramp(0.5f), x);
        plan.replay();
        assertEquals(1, scaler.skipped());
        assertFalse(Arrays.equals(before, values(backend, p)), "the next step is taken");
        plan.replay();
        assertEquals(2048, scaler.value());
        plan.replay();
        assertEquals(4096, scaler.value(), "grows after three good steps in a row");
        assertEquals(1, scaler.skipped());
      }
    }
    p.close();
  }

  @OnEveryDevice
  void theCountOfSkippedStepsIsSavedAndAFixedScaleStays(Backend backend) {
    Parameter p = new Parameter(backend.memory().upload(ramp(0.01f)), true);
    try (var _ = TestDevices.noLeaks(backend);
        Optimizer optimizer = new AdamW(backend, ParameterGroup.all(Map.of("p", p), 0.1, 0.01));
        LossScaler scaler = LossScaler.fixed(backend, 65536);
        LossScaler other = LossScaler.fixed(backend, 8);
        GradClip clip = new GradClip(backend, 1, scaler);
        Tensor x = backend.memory().upload(ramp(1))) {
      float[] before = values(backend, p);
      step(backend, p, x, optimizer, scaler, clip);
      step(backend, p, x, optimizer, scaler, clip);
      assertEquals(65536, scaler.value());
      assertEquals(2, scaler.skipped());
      assertArrayEquals(before, values(backend, p), 0);
      other.loadState(scaler.stateDict());
      assertEquals(8, other.value());
      assertEquals(2, other.skipped());
    }
    p.close();
  }

  /** loss = sum(half(p) * x), so that x times the scale passes through fp16 on its way to p. */
  private static void step(
      Backend backend,
      Parameter p,
      Tensor x,
      Optimizer optimizer,
      LossScaler scaler,
      GradClip clip) {
    try (Tape tape = Tape.training(backend)) {
      Variable rounded = Cast.apply(tape, Cast.apply(tape, p, DType.F16), DType.F32);
      Variable product = Mul.apply(tape, rounded, tape.constant(x.retain()));
      Variable loss = Sum.apply(tape, product, new int[] {0}, false);
      tape.backward(loss, backend.elementwise().scale(scaler.scale(), 1));
    }
    clip.measure(optimizer);
    optimizer.step(clip);
    optimizer.zeroGrad();
    scaler.update(clip);
  }

  private static HostTensor ramp(float to) {
    float[] v = new float[N];
    for (int i = 0; i < N; i++) {
      v[i] = to * (i + 1) / N;
    }
    return HostTensor.of(v, N);
  }

  private static float[] values(Backend backend, Parameter p) {
    return backend.memory().download(p.value()).toFloats();
  }
}
