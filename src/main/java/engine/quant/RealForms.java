package engine.quant;

import engine.autograd.Activate;
import engine.autograd.AdaptiveAvgPool2d;
import engine.autograd.AdaptiveMaxPool2d;
import engine.autograd.Add;
import engine.autograd.Concat;
import engine.autograd.Conv2dOp;
import engine.autograd.ConvInfer;
import engine.autograd.LayerNorm;
import engine.autograd.LinearOp;
import engine.autograd.MaxDim;
import engine.autograd.Mean;
import engine.autograd.Mul;
import engine.autograd.Reshape;
import engine.backend.RealOp;
import engine.graph.Node;
import java.util.Arrays;

/** Which ops a network of bytes can leave in real numbers. */
final class RealForms {
  private static final int[] CHANNELS = {1};

  private RealForms() {}

  /** The op of a node, or null if there is no such form. */
  static RealOp of(Node n) {
    return switch (n.operation()) {
      case Conv2dOp c -> new RealOp.Convolution(c.geometry());
      case ConvInfer c when !c.relu() && n.input(3).isEmpty() ->
          new RealOp.Convolution(c.geometry());
      case LinearOp _ -> new RealOp.Linear();
      case Activate a -> new RealOp.Activate(a.function());
      case Add _ -> RealOp.Combine.SUM;
      case Mul _ -> RealOp.Combine.PRODUCT;
      case AdaptiveAvgPool2d p when p.height() == 1 && p.width() == 1 ->
          new RealOp.GlobalPool(false);
      case AdaptiveMaxPool2d p when p.height() == 1 && p.width() == 1 ->
          new RealOp.GlobalPool(true);
      case Mean m when m.keepDim() && Arrays.equals(m.axes(), CHANNELS) ->
          new RealOp.OverChannels(false);
      case MaxDim m when m.keepDim() && m.axis() == 1 -> new RealOp.OverChannels(true);
      case Concat c when c.axis() == 1 -> new RealOp.Concat();
      case Reshape r when isPixel(r) -> new RealOp.AsPixel();
      case LayerNorm l -> new RealOp.LayerNorm(l.axis(), l.eps());
      default -> null;
    };
  }

  private static boolean isPixel(Reshape r) {
    return r.shape().rank() == 4 && r.shape().dim(2) == 1 && r.shape().dim(3) == 1;
  }
}
