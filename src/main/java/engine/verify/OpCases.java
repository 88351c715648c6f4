package engine.verify;

import engine.autograd.Activate;
import engine.autograd.AdaptiveAvgPool2d;
import engine.autograd.AdaptiveMaxPool2d;
import engine.autograd.Add;
import engine.autograd.Amax;
import engine.autograd.AvgPool2d;
import engine.autograd.Concat;
import engine.autograd.Conv2dOp;
import engine.autograd.CrossEntropy;
import engine.autograd.Div;
import engine.autograd.Dropout;
import engine.autograd.LabelSmoothingKl;
import engine.autograd.LinearOp;
import engine.autograd.LogSoftmax;
import engine.autograd.MaxDim;
import engine.autograd.MaxPool2d;
import engine.autograd.Mean;
import engine.autograd.Mul;
import engine.autograd.Softmax;
import engine.autograd.StochasticDepth;
import engine.autograd.Sub;
import engine.autograd.Sum;
import engine.backend.Activation;
import engine.backend.Backend;
import engine.backend.Conv2dGeometry;
import engine.backend.Losses;
import engine.backend.PoolGeometry;
import engine.backend.Pools;
import engine.backend.Reductions;
import engine.nn.Mish;
import engine.tensor.Tensor;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Group {@code ops}: every op of {@code autograd}, forward and backward, on one device. */
public final class OpCases implements CaseRunner {
  private interface Op {
    void run(OpContext c);
  }

  private final Backend backend;
  private final Map<String, Op> ops = new HashMap<>();

  /**
   * @param backend the device to run on; the caller's
   */
  public OpCases(Backend backend) {
    this.backend = backend;
    for (Activation f : Activation.values()) {
      ops.put(
          f.name().toLowerCase(Locale.ROOT),
          c -> c.output("y", Activate.apply(c.tape, f, c.leaf("x"))));
    }
    ops.put("mish", c -> c.output("y", new Mish().forward(c.tape, c.leaf("x"))));
    ops.put("conv2d", OpCases::conv2d);
    ops.put(
        "linear",
        c -> c.output("y", LinearOp.apply(c.tape, c.leaf("x"), c.leaf("w"), c.leaf("b"))));
    ops.put("add", c -> c.output("y", Add.apply(c.tape, c.leaf("a"), c.leaf("b"))));
    ops.put("sub", c -> c.output("y", Sub.apply(c.tape, c.leaf("a"), c.leaf("b"))));
    ops.put("mul", c -> c.output("y", Mul.apply(c.tape, c.leaf("a"), c.leaf("b"))));
    ops.put("div", c -> c.output("y", Div.apply(c.tape, c.leaf("a"), c.leaf("b"))));
    ops.put(
        "cat",
        c -> c.output("y", Concat.apply(c.tape, c.integer("dim", 0), c.leaf("a"), c.leaf("b"))));
    ops.put(
        "softmax", c -> c.output("y", Softmax.apply(c.tape, c.leaf("x"), c.integer("dim", -1))));
    ops.put(
        "log_softmax",
        c -> c.output("y", LogSoftmax.apply(c.tape, c.leaf("x"), c.integer("dim", -1))));
    addPools();
    addReductions();
    addDropsAndLosses();
    ops.put("batch_norm", NormCases::batchNorm);
    ops.put("layer_norm", NormCases::layerNorm);
    ops.put("composite_bottleneck", CompositeCases::bottleneck);
    ops.put("composite_se", CompositeCases::squeezeExcitation);
    ops.put("composite_cbam", CompositeCases::cbam);
    ops.put("cast", PrecisionCases::cast);
    ops.put("linear_bf16", PrecisionCases::linearBf16);
    ops.put("linear_f16", PrecisionCases::linearF16);
  }

  @Override
  public boolean knows(ReferenceCase c) {
    return ops.containsKey(c.op()) || c.op().equals("init");
  }

  @Override
  public void run(ReferenceCase c, Checks checks) {
    if (c.op().equals("init")) {
      InitStatistics.run(c, checks);
      return;
    }
    long before = backend.memory().liveTensors();
    try (OpContext context = new OpContext(backend, c, checks)) {
      ops.get(c.op()).run(context);
      context.backward();
    }
    checks.that("every tensor was closed", backend.memory().liveTensors() == before);
  }

  private void addPools() {
    ops.put("max_pool2d", OpCases::maxPool);
    ops.put(
        "avg_pool2d",
        c ->
            c.output(
                "y",
                AvgPool2d.apply(c.tape, c.leaf("x"), pool(c), c.flag("count_include_pad", true))));
    ops.put(
        "adaptive_avg_pool2d",
        c -> {
          int[] size = c.pair("output_size", 1);
          c.output("y", AdaptiveAvgPool2d.apply(c.tape, c.leaf("x"), size[0], size[1]));
        });
    ops.put(
        "adaptive_max_pool2d",
        c -> {
          int[] size = c.pair("output_size", 1);
          c.output("y", AdaptiveMaxPool2d.apply(c.tape, c.leaf("x"), size[0], size[1]));
        });
  }

  private void addReductions() {
    ops.put("sum", c -> c.output("y", Sum.apply(c.tape, c.leaf("x"), c.ints("dim"), keepDim(c))));
    ops.put("mean", c -> c.output("y", Mean.apply(c.tape, c.leaf("x"), c.ints("dim"), keepDim(c))));
    ops.put("amax", c -> c.output("y", Amax.apply(c.tape, c.leaf("x"), c.ints("dim"), keepDim(c))));
    ops.put("max_dim", OpCases::maxDim);
  }

  private void addDropsAndLosses() {
    ops.put(
        "dropout",
        c -> c.output("y", Dropout.apply(c.tape, c.leaf("x"), c.tensor("mask"), c.number("p", 0))));
    ops.put(
        "stochastic_depth",
        c ->
            c.output(
                "y",
                Add.apply(
                    c.tape,
                    StochasticDepth.apply(c.tape, c.leaf("x"), c.tensor("keep"), c.number("p", 0)),
                    c.leaf("skip"))));
    ops.put(
        "cross_entropy",
        c ->
            c.output(
                "y",
                CrossEntropy.apply(
                    c.tape,
                    c.leaf("x"),
                    c.targets("target"),
                    c.tensor("weight"),
                    c.number("label_smoothing", 0),
                    c.integer("ignore_index", CrossEntropy.IGNORE_INDEX),
                    reduction(c))));
    ops.put(
        "cross_entropy_soft",
        c ->
            c.output(
                "y",
                CrossEntropy.soft(
                    c.tape,
                    c.leaf("x"),
                    c.tensor("q"),
                    c.number("label_smoothing", 0),
                    reduction(c))));
    ops.put("label_smoothing_kl", OpCases::labelSmoothingKl);
  }

  private static void conv2d(OpContext c) {
    int[] stride = c.pair("stride", 1);
    int[] pad = c.pair("padding", 0);
    int[] dilation = c.pair("dilation", 1);
    boolean each = pad.length == 4;
    Conv2dGeometry g =
        new Conv2dGeometry(
            stride[0],
            stride[1],
            new Conv2dGeometry.Padding(pad[0], pad[1], pad[each ? 2 : 0], pad[each ? 3 : 1]),
            dilation[0],
            dilation[1],
            c.integer("groups", 1));
    c.output("y", Conv2dOp.apply(c.tape, c.leaf("x"), c.leaf("w"), c.leaf("b"), g));
  }

  private static void maxPool(OpContext c) {
    c.output("y", MaxPool2d.apply(c.tape, c.leaf("x"), pool(c)));
    Pools pools = c.backend.pools();
    Tensor x = c.leaf("x").value();
    try (Pools.Max max = pools.max(x, pool(c));
        Tensor idx = pools.maxIndices(max, x, pool(c))) {
      c.check("out.idx", idx);
    }
  }

  private static void maxDim(OpContext c) {
    int axis = c.integer("dim", 1);
    c.output("y", MaxDim.apply(c.tape, c.leaf("x"), axis, keepDim(c)));
    Reductions.MaxDim max = c.backend.reductions().maxDim(c.leaf("x").value(), axis, keepDim(c));
    try (Tensor values = max.values();
        Tensor indices = max.indices()) {
      c.check("out.y", values);
      c.check("out.idx", indices);
    }
  }

  private static void labelSmoothingKl(OpContext c) {
    float eps = c.number("epsilon", 0);
    c.output("y", LabelSmoothingKl.apply(c.tape, c.leaf("x"), c.targets("target"), eps));
    int classes = c.leaf("x").shape().size(1);
    c.check("out.true_dist", LabelSmoothingKl.distribution(c.classes("target"), classes, eps));
  }

  private static PoolGeometry pool(OpContext c) {
    int[] kernel = c.pair("kernel", 1);
    int[] stride = c.has("stride") ? c.pair("stride", 1) : kernel;
    int[] pad = c.pair("padding", 0);
    int[] dilation = c.pair("dilation", 1);
    return new PoolGeometry(
        extent(kernel), extent(stride), extent(pad), extent(dilation), c.flag("ceil_mode", false));
  }

  private static PoolGeometry.Extent extent(int[] sides) {
    return new PoolGeometry.Extent(sides[0], sides[1]);
  }

  private static boolean keepDim(OpContext c) {
    return c.flag("keepdim", false);
  }

  private static Losses.Reduction reduction(OpContext c) {
    return Losses.Reduction.valueOf(c.text("reduction", "mean").toUpperCase(Locale.ROOT));
  }
}
