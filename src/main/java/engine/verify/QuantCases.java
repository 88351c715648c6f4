package engine.verify;

import com.google.gson.JsonObject;
import engine.autograd.FakeQuantize;
import engine.autograd.FakeQuantizeLearned;
import engine.backend.Backend;
import engine.backend.Int8Graph;
import engine.backend.Int8Graph.QuantizedType;
import engine.backend.Int8Layer;
import engine.backend.Int8Network;
import engine.backend.Quantizers;
import engine.backend.Quantizers.Scheme;
import engine.quant.MinMaxObserver;
import engine.quant.QuantParams;
import engine.quant.QuantSpec;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Group {@code quant}: grids, observers, fake-quant with its gradients, integer arithmetic. */
public final class QuantCases implements CaseRunner {
  private final Backend backend;

  /**
   * @param backend the device to run on; the caller's
   */
  public QuantCases(Backend backend) {
    this.backend = backend;
  }

  @Override
  public boolean knows(ReferenceCase c) {
    return switch (c.op()) {
      case "fake_quantize_per_tensor",
          "fake_quantize_per_channel",
          "fake_quantize_learnable",
          "quantize_per_tensor",
          "quantize_per_channel",
          "qat_conv_bn_relu",
          "int8_linear" ->
          true;
      case "observer" -> c.attrs().get("observer").getAsString().endsWith("MinMax");
      default -> false;
    };
  }

  @Override
  public void run(ReferenceCase c, Checks checks) {
    long before = backend.memory().liveTensors();
    switch (c.op()) {
      case "observer" -> observer(c, checks);
      case "quantize_per_tensor", "quantize_per_channel" -> quantize(c, checks);
      case "qat_conv_bn_relu" -> new QatCases(backend, c, checks).run();
      case "int8_linear" -> linear(c, checks);
      default -> fakeQuantize(c, checks);
    }
    checks.that("every tensor was closed", backend.memory().liveTensors() == before);
  }

  private void fakeQuantize(ReferenceCase c, Checks checks) {
    try (OpContext x = new OpContext(backend, c, checks)) {
      int qmin = x.integer("quant_min", 0);
      int qmax = x.integer("quant_max", 255);
      if (c.op().endsWith("learnable")) {
        x.output(
            "y",
            FakeQuantizeLearned.apply(
                x.tape,
                x.leaf("x"),
                x.leaf("scale"),
                x.leaf("zero_point"),
                qmin,
                qmax,
                x.number("grad_factor", 1)));
      } else {
        x.output(
            "y",
            FakeQuantize.apply(
                x.tape,
                x.leaf("x"),
                new Quantizers.QuantRange(
                    x.integer("axis", -1), x.tensor("scale"), x.tensor("zero_point"), qmin, qmax)));
      }
      x.backward();
    }
  }

  private static void quantize(ReferenceCase c, Checks checks) {
    JsonObject a = c.attrs();
    boolean unsigned = a.get("dtype").getAsString().equals("quint8");
    int low = unsigned ? 0 : -128;
    float[] scale;
    int[] zeroPoint;
    if (c.has("in.scale")) {
      scale = c.in("scale").toFloats();
      zeroPoint = new int[scale.length];
    } else {
      scale = new float[] {a.get("scale").getAsFloat()};
      zeroPoint = new int[] {a.get("zero_point").getAsInt()};
    }
    int axis = a.has("axis") ? a.get("axis").getAsInt() : -1;
    Scheme scheme = unsigned ? Scheme.AFFINE : Scheme.SYMMETRIC;
    QuantParams p = new QuantParams(new QuantSpec(scheme, axis, low, low + 255), scale, zeroPoint);
    HostTensor q = p.quantize(c.in("x"));
    checks.array("out.q", q);
    checks.array("out.dequant", p.dequantize(q));
  }

  private void observer(ReferenceCase c, Checks checks) {
    JsonObject a = c.attrs();
    int axis = a.has("ch_axis") ? a.get("ch_axis").getAsInt() : -1;
    Scheme scheme =
        a.get("qscheme").getAsString().endsWith("symmetric") ? Scheme.SYMMETRIC : Scheme.AFFINE;
    QuantSpec spec =
        new QuantSpec(scheme, axis, a.get("quant_min").getAsInt(), a.get("quant_max").getAsInt());
    float averaging = a.has("averaging_constant") ? a.get("averaging_constant").getAsFloat() : 0;
    int channels = axis < 0 ? 1 : c.in("x0").shape().size(axis);
    List<List<Float>> seen = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    List<Integer> zeroPoints = new ArrayList<>();
    int batches = 0;
    try (MinMaxObserver o = new MinMaxObserver(backend, spec, channels, averaging);
        Tensor scale = backend.memory().empty(DType.F32, Shape.of(channels));
        Tensor zp = backend.memory().empty(DType.I32, Shape.of(channels))) {
      for (; c.has("in.x" + batches); batches++) {
        try (Tensor x = backend.memory().upload(c.in("x" + batches))) {
          o.observe(x);
        }
        o.qparamsInPlace(scale, zp);
        Tensor[] results = {o.min(), o.max(), scale};
        for (int i = 0; i < results.length; i++) {
          for (float v : backend.memory().download(results[i]).toFloats()) {
            seen.get(i).add(v);
          }
        }
        Arrays.stream(backend.memory().download(zp).toLongs())
            .forEach(v -> zeroPoints.add((int) v));
      }
    }
    String[] names = {"min_val", "max_val", "scale"};
    for (int i = 0; i < names.length; i++) {
      float[] all = new float[seen.get(i).size()];
      for (int j = 0; j < all.length; j++) {
        all[j] = seen.get(i).get(j);
      }
      checks.array("out." + names[i], HostTensor.of(all, batches, channels));
    }
    checks.array(
        "out.zero_point",
        HostTensor.of(
            zeroPoints.stream().mapToInt(Integer::intValue).toArray(), batches, channels));
  }

  /** Rounded by the host, multiplied by the device's integer kernel. */
  private void linear(ReferenceCase c, Checks checks) {
    float xScale = c.attrs().get("x_scale").getAsFloat();
    int xZero = c.attrs().get("x_zero_point").getAsInt();
    float[] wScale = c.in("w_scale").toFloats();
    HostTensor b = c.in("b");
    QuantParams xp = new QuantParams(QuantSpec.ACTIVATION, new float[] {xScale}, new int[] {xZero});
    QuantParams wp = new QuantParams(QuantSpec.weight(8), wScale, new int[wScale.length]);
    HostTensor wq = wp.quantize(c.in("w"));
    checks.array("out.xq", xp.quantize(c.in("x")));
    checks.array("out.wq", wq);
    // With scales of 1 the result is the integer sum, exact in fp32 below 2^24.
    float[] ones = new float[wScale.length];
    Arrays.fill(ones, 1);
    float[] sum = linear(c, xScale, xZero, wq, ones, 1, new int[ones.length]).toFloats();
    int[] acc = new int[sum.length];
    float[] y = new float[sum.length];
    for (int i = 0; i < sum.length; i++) {
      acc[i] = Math.round(sum[i]);
      int o = i % wScale.length;
      y[i] = (float) (acc[i] * ((double) xScale * wScale[o]) + b.get(o));
    }
    long[] shape = {c.in("x").shape().dim(0), wScale.length};
    checks.array("out.acc_int32", HostTensor.of(acc, shape));
    checks.array("out.y_float", HostTensor.of(y, shape));
  }

  /** The device's integer layer over x as a batch of 1x1 images. */
  private HostTensor linear(
      ReferenceCase c,
      float xScale,
      int xZero,
      HostTensor w,
      float[] wScale,
      float unit,
      int[] bias) {
    Shape x = c.in("x").shape();
    float[] values = c.in("x").toFloats();
    for (int i = 0; i < values.length; i++) {
      values[i] *= unit / xScale;
    }
    Int8Graph g =
        new Int8Graph(
            "x",
            x.size(1),
            "y",
            Map.of("x", new QuantizedType(unit, xZero, DType.U8)),
            List.of(
                new Int8Layer.Linear(
                    "linear", "x", "y", new Int8Layer.Parameters(w, wScale, bias))));
    try (Int8Network net = backend.int8Networks().compile(g);
        Tensor t = backend.memory().upload(HostTensor.of(values, x.dim(0), x.dim(1), 1, 1))) {
      return net.run(t);
    }
  }
}
