package engine.verify;

import engine.autograd.Activate;
import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Activation;
import engine.backend.Backend;
import engine.backend.Int8Graph;
import engine.backend.Int8Layer;
import engine.backend.Int8Network;
import engine.backend.Quantizers.Scheme;
import engine.graph.Graph;
import engine.graph.GraphBuilder;
import engine.nn.BatchNorm2d;
import engine.nn.Conv2d;
import engine.nn.Module;
import engine.quant.FakeQuantizer;
import engine.quant.Int8Conversion;
import engine.quant.MinMaxObserver;
import engine.quant.QuantParams;
import engine.quant.QuantSpec;
import engine.quant.QuantizerSet;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A convolution, its norm and a ReLU over three steps of quantisation-aware training, then as
 * bytes: the layers that {@code engine quantize} trains, one of them.
 */
final class QatCases {
  private final Backend backend;
  private final ReferenceCase reference;
  private final Checks checks;

  QatCases(Backend backend, ReferenceCase reference, Checks checks) {
    this.backend = backend;
    this.reference = reference;
    this.checks = checks;
  }

  private static final class Layer extends Module {
    final Conv2d conv;
    final BatchNorm2d bn;

    Layer(Backend b, Shape w, int stride, int padding) {
      var random = new SplittableRandom(0);
      conv = child("conv", new Conv2d(b, w.size(1), w.size(0), w.size(2), stride, padding, random));
      bn = child("bn", new BatchNorm2d(b, w.size(0), 1));
      pair(conv, bn);
    }

    @Override
    public Variable forward(Tape tape, Variable x) {
      Variable y = bn.forward(tape, conv.forward(tape, roundedInput(tape, x)));
      return Activate.apply(tape, Activation.RELU, y);
    }
  }

  void run() {
    Shape w = reference.in("sd.conv.weight").shape();
    // PyTorch's fused fake-quant sets a weight's scale otherwise while it trains; see the notes.
    boolean fused = text("qconfig").contains("version=1");
    try (Layer layer = new Layer(backend, w, number("stride"), number("padding"));
        QuantizerSet set =
            new QuantizerSet(backend, new QuantizerSet.Config(averaging(), 100), 8) {
              @Override
              protected FakeQuantizer make(QuantSpec spec, int channels) {
                QuantSpec s =
                    spec.axis() < 0
                        ? new QuantSpec(Scheme.AFFINE, -1, 0, 127)
                        : new QuantSpec(
                            fused ? Scheme.SYMMETRIC_ENDS : Scheme.SYMMETRIC, 0, -128, 127);
                return new FakeQuantizer(
                    backend, s, channels, new MinMaxObserver(backend, s, channels, averaging()));
              }
            }) {
      Map<String, HostTensor> state = new LinkedHashMap<>();
      layer.stateDict(backend).keySet().forEach(k -> state.put(k, reference.in("sd." + k)));
      layer.loadStateDict(backend, state);
      layer.roundWith(set);
      for (int i = 0; reference.has("in.x" + i); i++) {
        step(layer, set, i);
      }
      set.observe(false);
      try (Tape tape = Tape.inference(backend)) {
        Variable x = tape.constant(backend.memory().upload(reference.in("x_test")));
        rounded(
            "out.y_test_fakequant", layer.forward(tape, x).value(), set.activation("conv", false));
      }
      convert(layer, set);
    }
  }

  private void step(Layer layer, QuantizerSet set, int i) {
    try (Tape tape = Tape.training(backend)) {
      Variable x = tape.constant(backend.memory().upload(reference.in("x" + i)));
      Variable y = layer.forward(tape, x);
      rounded("out.y" + i, y.value(), set.activation("conv", false));
      // The loss is mean(y * dy).
      HostTensor dy = reference.in("dy" + i);
      float[] g = dy.toFloats();
      for (int k = 0; k < g.length; k++) {
        g[k] /= g.length;
      }
      tape.backward(y, backend.memory().upload(HostTensor.of(g, dy.shape().dims())));
    }
    var parameters = layer.parameters();
    check("grad.weight" + i, parameters.get("conv.weight").grad());
    check("grad.gamma" + i, parameters.get("bn.weight").grad());
    check("grad.beta" + i, parameters.get("bn.bias").grad());
    quantizer("in", i, set.activation(QuantizerSet.INPUT, false));
    quantizer("w", i, set.weight("conv", parameters.get("conv.weight").shape().size(0)));
    quantizer("act", i, set.activation("conv", false));
    float lr = reference.attrs().get("sgd_lr").getAsFloat();
    for (Variable p : parameters.values()) {
      HostTensor value = backend.memory().download(p.value());
      float[] v = value.toFloats();
      float[] g = backend.memory().download(p.grad()).toFloats();
      for (int k = 0; k < v.length; k++) {
        v[k] -= lr * g[k];
      }
      backend.memory().uploadInPlace(HostTensor.of(v, value.shape().dims()), p.value());
      p.clearGrad();
    }
    check("out.running_mean" + i, layer.buffers().get("bn.running_mean"));
    check("out.running_var" + i, layer.buffers().get("bn.running_var"));
    check("out.weight_after" + i, parameters.get("conv.weight").value());
  }

  private void quantizer(String tag, int i, FakeQuantizer q) {
    var p = q.params();
    checks.array("out." + tag + "_scale" + i, HostTensor.of(p.scale(), p.scale().length));
    checks.array("out." + tag + "_zp" + i, HostTensor.of(p.zeroPoint(), p.zeroPoint().length));
    MinMaxObserver o = (MinMaxObserver) q.observer();
    check("out." + tag + "_min" + i, o.min());
    check("out." + tag + "_max" + i, o.max());
  }

  private void convert(Layer layer, QuantizerSet set) {
    HostTensor x = reference.in("x_test");
    set.round(false);
    Graph real =
        GraphBuilder.trace(backend, x.shape(), layer::forward, layer.parameters(), layer.buffers());
    Int8Graph g = Int8Conversion.convert(real, set, "the case is not as it was");
    Int8Layer.Conv conv = (Int8Layer.Conv) g.layers().getFirst();
    Int8Graph.QuantizedType input = g.grid(g.input());
    checks.array("out.q_weight", conv.weight());
    checks.array(
        "out.q_weight_scale",
        HostTensor.of(conv.weightScale(), conv.weightScale().length),
        1e-6,
        1e-6);
    float[] bias = new float[conv.bias().length];
    for (int c = 0; c < bias.length; c++) {
      bias[c] = (float) (conv.bias()[c] * ((double) input.scale() * conv.weightScale()[c]));
    }
    // A bias is a whole number of input scale times weight scale: half a unit of it is allowed.
    double half = 0;
    for (float s : conv.weightScale()) {
      half = Math.max(half, input.scale() * s / 2 + 2e-5);
    }
    checks.array("out.bias_folded", HostTensor.of(bias, bias.length), half, half);
    try (Int8Network net = backend.int8Networks().compile(g);
        Tensor t = backend.memory().upload(x)) {
      HostTensor q = net.run(t);
      checks.array("out.q_output", q, 1, 0.1);
      Int8Graph.QuantizedType out = g.grid(g.output());
      float[] y = new float[(int) q.shape().elements()];
      for (int k = 0; k < y.length; k++) {
        y[k] = (float) (q.get(k) - out.zeroPoint()) * out.scale();
      }
      double step = 1.01 * out.scale();
      checks.array("out.y_test_int8", HostTensor.of(y, q.shape().dims()), step, step / 10);
      checks.array("out.q_input", quantizedInput(x, input));
    }
  }

  /**
   * Compares values on a grid. One that lies on the edge between two steps, to the last bits of a
   * sum in another order, may come out a step away; of a thousand values one may.
   */
  private void rounded(String key, Tensor t, FakeQuantizer q) {
    HostTensor got = backend.memory().download(t);
    HostTensor want = reference.arrays().get(key);
    float step = q.params().scale()[0];
    float[] values = got.toFloats();
    int onEdge = 0;
    for (int k = 0; k < values.length; k++) {
      double d = Math.abs(values[k] - want.get(k));
      if (Math.abs(d - step) < 1e-3 * step) {
        values[k] = (float) want.get(k);
        onEdge++;
      }
    }
    checks.that(
        key + ": at most a value in a thousand is a step away",
        onEdge <= Math.max(1, values.length / 1000));
    checks.array(key, HostTensor.of(values, got.shape().dims()));
  }

  private static HostTensor quantizedInput(HostTensor x, Int8Graph.QuantizedType grid) {
    return new QuantParams(
            QuantSpec.ACTIVATION, new float[] {grid.scale()}, new int[] {grid.zeroPoint()})
        .quantize(x);
  }

  private void check(String key, Tensor t) {
    checks.array(key, backend.memory().download(t, DType.F32));
  }

  private float averaging() {
    return reference.attrs().get("averaging_constant").getAsFloat();
  }

  private int number(String key) {
    return reference.attrs().get(key).getAsInt();
  }

  private String text(String key) {
    return reference.attrs().get(key).getAsString();
  }
}
