package engine.onnx;

import engine.autograd.Activate;
import engine.autograd.AdaptiveAvgPool2d;
import engine.autograd.AdaptiveMaxPool2d;
import engine.autograd.Add;
import engine.autograd.Concat;
import engine.autograd.Conv2dOp;
import engine.autograd.Div;
import engine.autograd.LayerNorm;
import engine.autograd.LinearOp;
import engine.autograd.MaxDim;
import engine.autograd.Mean;
import engine.autograd.Mul;
import engine.autograd.Operation;
import engine.autograd.Reshape;
import engine.autograd.Sub;
import engine.backend.Int8Graph;
import engine.backend.Int8Layer;
import engine.backend.RealOp;
import engine.graph.Node;
import engine.onnx.OnnxModel.Attribute;
import engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Writes a layer that a network of bytes computes in real numbers as one of such a network. */
final class RealNodes {
  private RealNodes() {}

  /**
   * Appends a layer's nodes and constants.
   *
   * @param shapes of the network's values
   * @param real from a value to its name in real numbers
   * @param output what the result is to be called
   */
  static void write(
      NodeWriter out,
      Int8Layer.Real r,
      Map<String, Shape> shapes,
      UnaryOperator<String> real,
      String output) {
    r.constants().forEach(out::constant);
    List<String> inputs = new ArrayList<>();
    r.inputs().forEach(i -> inputs.add(r.constants().containsKey(i) ? i : real.apply(i)));
    if (r.op() instanceof RealOp.Linear && shapes.get(r.input()).rank() > 2) {
      Map<String, Attribute> rows = Map.of("axis", new Attribute.Int(1));
      inputs.set(
          0, out.node("Flatten", r.name() + ".flatten", rows, r.name() + ".flat", inputs.get(0)));
    }
    Shape y = r.op().outputShape(Int8Graph.operands(r, shapes));
    FloatGraph.write(new Node(r.name(), operation(r.op(), y), inputs, output, y), out);
  }

  private static Operation operation(RealOp op, Shape y) {
    return switch (op) {
      case RealOp.Convolution c -> new Conv2dOp(c.geometry());
      case RealOp.Linear _ -> new LinearOp();
      case RealOp.Activate a -> new Activate(a.function());
      case RealOp.Combine c ->
          switch (c.function()) {
            case ADD -> new Add();
            case SUB -> new Sub();
            case MUL -> new Mul();
            case DIV -> new Div();
          };
      case RealOp.GlobalPool p ->
          p.largest() ? new AdaptiveMaxPool2d(1, 1) : new AdaptiveAvgPool2d(1, 1);
      case RealOp.OverChannels c ->
          c.largest() ? new MaxDim(1, true) : new Mean(new int[] {1}, true);
      case RealOp.Concat _ -> new Concat(1);
      case RealOp.AsPixel _ -> new Reshape(y);
      case RealOp.LayerNorm l -> new LayerNorm(l.axis(), l.eps());
    };
  }
}
