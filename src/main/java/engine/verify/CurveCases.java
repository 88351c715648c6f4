package engine.verify;

import com.google.gson.JsonObject;
import engine.autograd.Activate;
import engine.autograd.AdaptiveAvgPool2d;
import engine.autograd.CrossEntropy;
import engine.autograd.Flatten;
import engine.autograd.MaxPool2d;
import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Activation;
import engine.backend.Backend;
import engine.backend.PoolGeometry;
import engine.nn.BatchNorm2d;
import engine.nn.Conv2d;
import engine.nn.Linear;
import engine.nn.Module;
import engine.optim.Optimizer;
import engine.optim.schedule.CosineAnnealingLR;
import engine.tensor.HostTensor;
import engine.tensor.Tensor;
import java.util.List;
import java.util.SplittableRandom;

/** A small net over a short training: every loss, and the weights at the end. */
final class CurveCases {
  /** The one net of these cases, as they write it; a number in a layer's name is its place here. */
  private static final String NET =
      "Conv(3,8,3,p1,nobias) BN ReLU MaxPool(3,2,1) Conv(8,12,3,s2,p1,nobias) BN ReLU"
          + " AdaptiveAvgPool(1) Flatten Linear(12,5)";

  private CurveCases() {}

  private static final class Net extends Module {
    private final Conv2d conv0;
    private final BatchNorm2d norm1;
    private final Conv2d conv4;
    private final BatchNorm2d norm5;
    private final Linear linear9;

    Net(Backend b) {
      SplittableRandom random = new SplittableRandom(0);
      conv0 = child("0", new Conv2d(b, 3, 8, 3, 1, 1, random));
      norm1 = child("1", new BatchNorm2d(b, 8, 1));
      conv4 = child("4", new Conv2d(b, 8, 12, 3, 2, 1, random));
      norm5 = child("5", new BatchNorm2d(b, 12, 1));
      linear9 = child("9", new Linear(b, 12, 5, random));
    }

    private static Variable relu(Tape tape, Variable x) {
      return Activate.apply(tape, Activation.RELU, x);
    }

    @Override
    public Variable forward(Tape tape, Variable x) {
      Variable y = relu(tape, norm1.forward(tape, conv0.forward(tape, x)));
      y = MaxPool2d.apply(tape, y, PoolGeometry.of(3, 2, 1));
      y = relu(tape, norm5.forward(tape, conv4.forward(tape, y)));
      y = AdaptiveAvgPool2d.apply(tape, y, 1, 1);
      return linear9.forward(tape, Flatten.apply(tape, y));
    }
  }

  static boolean knows(ReferenceCase c) {
    JsonObject a = c.attrs();
    return a.get("net").getAsString().equals(NET)
        && a.get("schedule").getAsString().equals(schedule(steps(c)))
        && ReferenceOptimizer.knows(optimizer(c), hyper(c), List.of());
  }

  static void run(Backend backend, ReferenceCase c, Checks checks) {
    int steps = steps(c);
    double[] losses = new double[steps];
    CosineAnnealingLR lr = new CosineAnnealingLR(hyper(c).get("lr").getAsDouble(), steps, 0);
    try (Net net = new Net(backend);
        Optimizer optimizer =
            ReferenceOptimizer.of(backend, optimizer(c), hyper(c), List.of(), net.parameters())) {
      net.loadStateDict(backend, CbamCases.stateDict(c));
      for (int i = 0; i < steps; i++) {
        optimizer.setLr(lr.lr(i));
        losses[i] = step(backend, net, c, i);
        optimizer.step();
        optimizer.zeroGrad();
      }
      checks.array("out.losses", HostTensor.of(losses, steps));
      try (Tape tape = Tape.inference(backend)) {
        Variable x = tape.constant(backend.memory().upload(OptimCases.row(c.in("x"), 0)));
        checks.array(
            "out.logits_eval_batch0", backend.memory().download(net.forward(tape, x).value()));
      }
      net.stateDict(backend).forEach((name, t) -> checks.array("out.sd_after." + name, t));
    }
  }

  /** Forward and backward of batch {@code i}; returns the loss. */
  private static double step(Backend backend, Net net, ReferenceCase c, int i) {
    float smoothing = c.attrs().get("label_smoothing").getAsFloat();
    HostTensor classes = ReferenceNetwork.classes(OptimCases.row(c.in("target"), i));
    try (Tape tape = Tape.training(backend);
        Tensor targets = backend.memory().upload(classes)) {
      Variable x = tape.constant(backend.memory().upload(OptimCases.row(c.in("x"), i)));
      Variable loss = CrossEntropy.apply(tape, net.forward(tape, x), targets, smoothing);
      double value = backend.memory().download(loss.value()).item();
      tape.backward(loss, 1);
      return value;
    }
  }

  private static int steps(ReferenceCase c) {
    return c.attrs().get("steps").getAsInt();
  }

  private static String optimizer(ReferenceCase c) {
    return c.attrs().get("optimizer").getAsString();
  }

  private static JsonObject hyper(ReferenceCase c) {
    return c.attrs().getAsJsonObject("hyper");
  }

  private static String schedule(int steps) {
    return "CosineAnnealingLR(T_max=%d), stepped each batch".formatted(steps);
  }
}
