package engine.verify.self;

import engine.autograd.Cast;
import engine.autograd.Mul;
import engine.autograd.Parameter;
import engine.autograd.Sum;
import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Backend;
import engine.backend.Recording;
import engine.optim.AdamW;
import engine.optim.GradClip;
import engine.optim.LossScaler;
import engine.optim.Optimizer;
import engine.optim.ParameterGroup;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;

/**
 * A replayed step whose gradients overflow fp16: it is skipped, the loss scale is halved, and after
 * enough good steps it grows again.
 */
record OverflowCheck(Backend b) implements Check {
  private static final int N = 37;
  private static final double SCALE = 4096;
  private static final int INTERVAL = 3;

  /** 20 * 4096 is beyond the largest half. */
  private static final float TOO_LARGE = 20;

  @Override
  public String name() {
    return "training/the loss scale through an overflow";
  }

  @Override
  public String run() {
    Parameter p = new Parameter(b.memory().upload(ramp(0.01f)), true);
    try (Optimizer optimizer = new AdamW(b, ParameterGroup.all(Map.of("p", p), 0.1, 0.01));
        LossScaler scaler = new LossScaler(b, SCALE, 2, 0.5, INTERVAL);
        GradClip clip = new GradClip(b, 1, scaler);
        Tensor x = b.memory().upload(ramp(0.5f))) {
      Runnable step = () -> step(p, x, optimizer, scaler, clip);
      step.run(); // makes the state
      try (Recording plan = b.record(step)) {
        replays(plan, p, x, scaler);
      }
    } finally {
      p.close();
    }
    return "skipped once, halved, grown again";
  }

  private void replays(Recording plan, Parameter p, Tensor x, LossScaler scaler) {
    expect("the scale before", SCALE, scaler.value());
    byte[] before = b.memory().download(p.value()).toBytes();
    b.memory().uploadInPlace(ramp(TOO_LARGE), x);
    plan.replay();
    expect("the scale after an overflow", SCALE / 2, scaler.value());
    expect("the count of skipped steps", 1, scaler.skipped());
    Agreement.same(
        "a weight of a skipped step",
        HostTensor.of(before, before.length),
        HostTensor.of(b.memory().download(p.value()).toBytes(), before.length));
    b.memory().uploadInPlace(ramp(0.5f), x);
    for (int i = 0; i < INTERVAL; i++) {
      plan.replay();
    }
    expect("the scale after good steps", SCALE, scaler.value());
    expect("the count of skipped steps", 1, scaler.skipped());
    if (Arrays.equals(before, b.memory().download(p.value()).toBytes())) {
      throw new Disagreement("the steps after an overflow are not taken");
    }
  }

  private static void expect(String what, double right, double is) {
    if (right != is) {
      throw new Disagreement("%s is %s, not %s".formatted(what, is, right));
    }
  }

  private void step(Parameter p, Tensor x, Optimizer optimizer, LossScaler scaler, GradClip clip) {
    try (Tape tape = Tape.training(b)) {
      Variable half = Cast.apply(tape, p, DType.F16);
      Variable wide = Cast.apply(tape, half, DType.F32);
      Variable loss =
          Sum.apply(tape, Mul.apply(tape, wide, tape.constant(x.retain())), new int[] {0}, false);
      tape.backward(loss, b.elementwise().scale(scaler.scale(), 1));
    }
    clip.measure(optimizer);
    optimizer.step(clip);
    optimizer.zeroGrad();
    scaler.update(clip);
  }

  private static HostTensor ramp(float most) {
    float[] v = new float[N];
    for (int i = 0; i < N; i++) {
      v[i] = most * (i - N / 2) / (N / 2f);
    }
    return HostTensor.of(v, N);
  }
}
