package engine.onnx;

import engine.autograd.Activate;
import engine.autograd.AdaptiveAvgPool2d;
import engine.autograd.AdaptiveMaxPool2d;
import engine.autograd.AvgPool2d;
import engine.autograd.BatchNorm;
import engine.autograd.Conv2dOp;
import engine.autograd.LayerNorm;
import engine.autograd.LinearOp;
import engine.autograd.MaxPool2d;
import engine.autograd.Softmax;
import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Activation;
import engine.backend.Backend;
import engine.backend.Conv2dGeometry;
import engine.backend.Normalizations.Statistics;
import engine.backend.PoolGeometry;
import engine.base.UserError;
import engine.onnx.OnnxModel.Attribute;
import engine.tensor.HostTensor;
import engine.tensor.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Runs an ONNX graph one node after another, by the engine's own ops: slow, and independent of what
 * wrote the file. So an export can be compared with the engine before anybody relies on it.
 */
public final class OnnxInterpreter {
  /** How a resize of pixels is done, since the files ask for more than one kind. */
  @FunctionalInterface
  public interface Resize {
    /**
     * @param pixels U8 [N, C, H, W]
     */
    HostTensor to(HostTensor pixels, int height, int width);
  }

  private final Backend backend;
  private final OnnxModel model;
  private final Resize resize;

  /**
   * @param resize null if no pictures are resized
   */
  public OnnxInterpreter(Backend backend, OnnxModel model, Resize resize) {
    this.backend = backend;
    this.model = model;
    this.resize = resize;
  }

  /** Sees every value that a node gives, and may put another in its place. */
  @FunctionalInterface
  public interface Hook {
    HostTensor see(String name, HostTensor value);
  }

  /** The first output for the first input. */
  public HostTensor run(HostTensor input) {
    return run(input, (_, value) -> value);
  }

  /** The same, with what {@code hook} makes of each node's output. */
  public HostTensor run(HostTensor input, Hook hook) {
    Map<String, HostTensor> values = new HashMap<>(model.graph().initializers());
    values.put(model.graph().inputs().getFirst().name(), input);
    Map<String, Integer> readers = new HashMap<>();
    model.graph().nodes().forEach(n -> n.inputs().forEach(i -> readers.merge(i, 1, Integer::sum)));
    String output = model.graph().outputs().getFirst().name();
    for (OnnxModel.Node n : model.graph().nodes()) {
      Call c = new Call(n, n.inputs().stream().map(values::get).toList());
      String name = n.outputs().getFirst();
      values.put(name, hook.see(name, c.run()));
      for (String i : Set.copyOf(n.inputs())) {
        int left =
            readers.merge(i, -(int) n.inputs().stream().filter(i::equals).count(), Integer::sum);
        if (left == 0 && !i.equals(output)) {
          values.remove(i);
        }
      }
    }
    return values.get(output);
  }

  /** One node with its operands. */
  private final class Call {
    private final OnnxModel.Node node;
    private final List<HostTensor> in;

    Call(OnnxModel.Node node, List<HostTensor> in) {
      this.node = node;
      this.in = in;
    }

    HostTensor run() {
      return switch (node.op()) {
        case "Conv" -> device(3, v -> Conv2dOp.apply(v.tape, v.x(0), v.x(1), v.x(2), conv()));
        case "BatchNormalization" ->
            device(
                5,
                v ->
                    BatchNorm.infer(
                        v.tape,
                        v.x(0),
                        new BatchNorm.Affine(v.x(1), v.x(2), real("epsilon", 1e-5f)),
                        new Statistics(v.x(3).value(), v.x(4).value()),
                        BatchNorm.After.NOTHING));
        case "LayerNormalization" ->
            device(
                3,
                v ->
                    LayerNorm.apply(
                        v.tape,
                        v.x(0),
                        v.x(1),
                        v.x(2),
                        (int) integer("axis", -1),
                        real("epsilon", 1e-5f)));
        case "Gemm" -> gemm();
        case "Relu" -> activation(Activation.RELU);
        case "Sigmoid" -> activation(Activation.SIGMOID);
        case "Tanh" -> activation(Activation.TANH);
        case "HardSwish" -> activation(Activation.HARDSWISH);
        case "HardSigmoid" ->
            map(x -> Math.clamp(real("alpha", .2f) * x + real("beta", .5f), 0, 1));
        case "Erf" -> erf();
        case "Clip" -> clip();
        case "MaxPool" -> device(1, v -> MaxPool2d.apply(v.tape, v.x(0), pool()));
        case "AveragePool" ->
            device(
                1,
                v -> AvgPool2d.apply(v.tape, v.x(0), pool(), integer("count_include_pad", 0) == 1));
        case "GlobalAveragePool" -> device(1, v -> AdaptiveAvgPool2d.apply(v.tape, v.x(0), 1, 1));
        case "GlobalMaxPool" -> device(1, v -> AdaptiveMaxPool2d.apply(v.tape, v.x(0), 1, 1));
        case "Softmax" -> device(1, v -> Softmax.apply(v.tape, v.x(0), (int) integer("axis", -1)));
        case "ReduceMean" -> reduce(true);
        case "ReduceMax" -> reduce(false);
        case "Add" -> HostOps.binary(in.get(0), in.get(1), Double::sum);
        case "Sub" -> HostOps.binary(in.get(0), in.get(1), (a, b) -> a - b);
        case "Mul" -> HostOps.binary(in.get(0), in.get(1), (a, b) -> a * b);
        case "Div" -> div();
        case "Mod" ->
            HostOps.binary(in.get(0), in.get(1), (a, b) -> Math.floorMod((long) a, (long) b));
        case "Min" -> HostOps.binary(in.get(0), in.get(1), Math::min);
        case "Identity" -> in.getFirst();
        case "Constant" -> ((Attribute.Constant) node.attributes().get("value")).value();
        case "Flatten" -> flatten();
        case "Reshape" -> reshape();
        case "Concat" -> HostOps.concat(in.toArray(HostTensor[]::new), (int) integer("axis", 0));
        case "Transpose" -> HostOps.transpose(in.getFirst(), ints("perm"));
        case "Shape" -> {
          long[] d = in.getFirst().shape().dims();
          int end = (int) Math.min(d.length, integer("end", d.length));
          long[] part = Arrays.copyOfRange(d, (int) integer("start", 0), end);
          yield HostTensor.of(part, part.length);
        }
        case "Squeeze" -> HostOps.squeeze(in.getFirst(), axes());
        case "Unsqueeze" -> HostOps.unsqueeze(in.getFirst(), axes());
        case "Range" ->
            HostOps.range(
                (long) in.get(0).item(), (long) in.get(1).item(), (long) in.get(2).item());
        case "Gather" -> HostOps.gather(in.get(0), in.get(1));
        case "Slice" ->
            HostOps.slice(in.get(0), in.get(1).toLongs(), in.get(2).toLongs(), in.get(3).toLongs());
        case "Pad" -> HostOps.pad(in.get(0), in.get(1).toLongs());
        case "Cast" -> HostOps.cast(in.getFirst(), OnnxTypes.of((int) integer("to", 1)));
        case "Resize" -> resized();
        case "QuantizeLinear" -> QuantNode.of(in, (int) integer("axis", 1)).quantize();
        case "DequantizeLinear" -> QuantNode.of(in, (int) integer("axis", 1)).dequantize();
        default ->
            throw new UserError(
                "the engine's own check of ONNX files cannot run %s (%s)"
                    .formatted(node.op(), node.name()));
      };
    }

    /** Operands on the device for one op. */
    private final class OnDevice {
      final Tape tape = Tape.inference(backend);
      final Variable[] x;

      OnDevice(int operands) {
        x = new Variable[operands];
        for (int i = 0; i < operands && i < in.size(); i++) {
          x[i] = in.get(i) == null ? null : tape.constant(backend.memory().upload(in.get(i)));
        }
      }

      Variable x(int i) {
        return x[i];
      }
    }

    private interface OnTape {
      Variable run(OnDevice v);
    }

    private HostTensor device(int operands, OnTape op) {
      OnDevice v = new OnDevice(operands);
      try (Tape _ = v.tape) {
        return backend.memory().download(op.run(v).value());
      }
    }

    private HostTensor activation(Activation f) {
      return device(1, v -> Activate.apply(v.tape, f, v.x(0)));
    }

    private interface OfOne {
      double of(double x);
    }

    private HostTensor map(OfOne f) {
      float[] x = in.getFirst().toFloats();
      for (int i = 0; i < x.length; i++) {
        x[i] = (float) f.of(x[i]);
      }
      return HostTensor.of(x, in.getFirst().shape().dims());
    }

    /** By way of GELU: erf(x) = gelu(x * sqrt(2)) * 2 / (x * sqrt(2)) - 1. */
    private HostTensor erf() {
      double root = Math.sqrt(2);
      HostTensor x = in.getFirst();
      float[] wide = x.toFloats();
      for (int i = 0; i < wide.length; i++) {
        wide[i] *= (float) root;
      }
      HostTensor scaled = HostTensor.of(wide, x.shape().dims());
      HostTensor gelu = new Call(node, List.of(scaled)).activation(Activation.GELU);
      float[] out = gelu.toFloats();
      for (int i = 0; i < out.length; i++) {
        out[i] = wide[i] == 0 ? 0 : 2 * out[i] / wide[i] - 1;
      }
      return HostTensor.of(out, x.shape().dims());
    }

    private HostTensor clip() {
      double low = in.size() > 1 && in.get(1) != null ? in.get(1).item() : Double.NEGATIVE_INFINITY;
      double high =
          in.size() > 2 && in.get(2) != null ? in.get(2).item() : Double.POSITIVE_INFINITY;
      return map(x -> Math.min(Math.max(x, low), high));
    }

    private HostTensor div() {
      boolean whole = !in.getFirst().dtype().isFloating();
      return HostOps.binary(
          in.get(0), in.get(1), whole ? (a, b) -> (long) a / (long) b : (a, b) -> a / b);
    }

    private HostTensor gemm() {
      if (real("alpha", 1) != 1
          || real("beta", 1) != 1
          || integer("transA", 0) != 0
          || integer("transB", 0) != 1) {
        throw new UserError("only Gemm of x and a transposed weight is run, not " + node.name());
      }
      return device(3, v -> LinearOp.apply(v.tape, v.x(0), v.x(1), v.x(2)));
    }

    private HostTensor reduce(boolean mean) {
      long[] axes = axes();
      int[] a = new int[axes.length];
      for (int i = 0; i < a.length; i++) {
        a[i] = (int) axes[i];
      }
      boolean keep = integer("keepdims", 1) == 1;
      try (Tensor x = backend.memory().upload(in.getFirst());
          Tensor y =
              mean
                  ? backend.reductions().mean(x, a, keep)
                  : backend.reductions().amax(x, a, keep)) {
        return backend.memory().download(y);
      }
    }

    private HostTensor flatten() {
      HostTensor x = in.getFirst();
      long n = x.shape().dim(0);
      return HostOps.shaped(x, n, x.shape().elements() / n);
    }

    /** An operand since opset 13 or 18, an attribute before. */
    private long[] axes() {
      return in.size() > 1 ? in.get(1).toLongs() : ints("axes");
    }

    private HostTensor reshape() {
      HostTensor x = in.getFirst();
      long[] dims = in.get(1).toLongs();
      long rest = x.shape().elements();
      for (int i = 0; i < dims.length; i++) {
        dims[i] = dims[i] == 0 ? x.shape().dim(i) : dims[i];
        rest /= dims[i] < 0 ? 1 : dims[i];
      }
      for (int i = 0; i < dims.length; i++) {
        dims[i] = dims[i] < 0 ? rest : dims[i];
      }
      return HostOps.shaped(x, dims);
    }

    private HostTensor resized() {
      if (resize == null) {
        throw new UserError("nothing was given to resize pictures with");
      }
      long[] sizes = in.get(3).toLongs();
      return resize.to(in.getFirst(), (int) sizes[2], (int) sizes[3]);
    }

    private Conv2dGeometry conv() {
      long[] strides = ints("strides", 1, 1);
      long[] pads = ints("pads", 0, 0, 0, 0);
      long[] dilations = ints("dilations", 1, 1);
      return new Conv2dGeometry(
          (int) strides[0],
          (int) strides[1],
          new Conv2dGeometry.Padding((int) pads[0], (int) pads[1], (int) pads[2], (int) pads[3]),
          (int) dilations[0],
          (int) dilations[1],
          (int) integer("group", 1));
    }

    private PoolGeometry pool() {
      long[] kernel = ints("kernel_shape");
      long[] strides = ints("strides", 1, 1);
      long[] pads = symmetric();
      long[] dilations = ints("dilations", 1, 1);
      return new PoolGeometry(
          extent(kernel),
          extent(strides),
          extent(pads),
          extent(dilations),
          integer("ceil_mode", 0) == 1);
    }

    private static PoolGeometry.Extent extent(long[] sides) {
      return new PoolGeometry.Extent((int) sides[0], (int) sides[1]);
    }

    private long[] symmetric() {
      long[] pads = ints("pads", 0, 0, 0, 0);
      if (pads[0] != pads[2] || pads[1] != pads[3]) {
        throw new UserError(node.name() + " pads its two sides differently, which is not run");
      }
      return pads;
    }

    private long[] ints(String name, long... otherwise) {
      return node.attributes().get(name) instanceof Attribute.Ints i ? i.values() : otherwise;
    }

    private long integer(String name, long otherwise) {
      return node.attributes().get(name) instanceof Attribute.Int i ? i.value() : otherwise;
    }

    private float real(String name, float otherwise) {
      return node.attributes().get(name) instanceof Attribute.Real r ? r.value() : otherwise;
    }
  }
}
