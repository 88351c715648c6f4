package engine.autograd;

import engine.autograd.Operation.Identity;
import java.util.List;
import java.util.stream.Stream;

/** Every op, for who wants to name them all. A test finds the one that is missing here. */
public final class Ops {
  private static final List<Identity> ALL =
      Stream.concat(
              Stream.of(
                  Conv2dOp.IDENTITY,
                  ConvInfer.IDENTITY,
                  LinearOp.IDENTITY,
                  LinearRelu.IDENTITY,
                  BatchNorm.IDENTITY,
                  LayerNorm.IDENTITY,
                  MaxPool2d.IDENTITY,
                  AvgPool2d.IDENTITY,
                  AdaptiveAvgPool2d.IDENTITY,
                  AdaptiveMaxPool2d.IDENTITY,
                  Mean.IDENTITY,
                  Sum.IDENTITY,
                  MaxDim.IDENTITY,
                  Amax.IDENTITY,
                  Add.IDENTITY,
                  Sub.IDENTITY,
                  Mul.IDENTITY,
                  Div.IDENTITY,
                  Scale.IDENTITY,
                  Concat.IDENTITY,
                  Reshape.IDENTITY,
                  Cast.IDENTITY,
                  Dropout.IDENTITY,
                  StochasticDepth.IDENTITY,
                  FakeQuantize.IDENTITY,
                  FakeQuantizeFolded.IDENTITY,
                  FakeQuantizeLearned.IDENTITY,
                  Softmax.IDENTITY,
                  LogSoftmax.IDENTITY,
                  CrossEntropy.IDENTITY,
                  KlDivergence.IDENTITY,
                  LabelSmoothingKl.IDENTITY),
              Activate.IDENTITIES.stream())
          .toList();

  private Ops() {}

  /** Each by its own name. */
  public static List<Identity> all() {
    return ALL;
  }
}
