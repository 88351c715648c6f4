package engine.verify.self;

import engine.backend.Backend;
import engine.backend.Conv2dGeometry;
import engine.backend.Convolutions;
import engine.backend.Elementwise;
import engine.backend.Elementwise.Binary;
import engine.backend.Normalizations;
import engine.backend.Normalizations.Affine;
import engine.backend.Normalizations.After;
import engine.backend.Normalizations.Sums;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * A convolution with what the device fuses with it, against the same computed apart by the same
 * device: bias, residual and ReLU of inference; the sums that a norm wants; the norm before it,
 * drawn as it reads, forward and for the filters' gradient. Each twice, to the same bits.
 */
final class FusionCheck implements Check {
  private static final int[] PIXELS = {0, 2, 3};
  private static final float EPS = 1e-5f;
  private static final double FP32 = 1e-4;

  private final Backend b;
  private final Trial.Layer layer;
  private final DType type;
  private final int batch;
  private final Conv2dGeometry g;
  private final List<String> fused = new ArrayList<>();

  FusionCheck(Backend b, Trial.Layer layer, int batch, DType type) {
    this.b = b;
    this.layer = layer;
    this.batch = batch;
    this.type = type;
    this.g = layer.geometry();
  }

  @Override
  public String name() {
    return "convolutions/" + layer + " " + OpCheck.word(type);
  }

  @Override
  public DType type() {
    return type;
  }

  @Override
  public String run() {
    Agreement agreement = new Agreement(2 * OpCheck.tolerance(type, FP32));
    compare(agreement);
    return (fused.isEmpty() ? "nothing is fused" : String.join(", ", fused)) + ": " + agreement;
  }

  private void compare(Agreement agreement) {
    Drawing draw = new Drawing();
    Shape w = layer.w();
    Shape x = layer.x().with(0, batch);
    try (Tensor images = typed(draw.normal(x.dims()));
        Tensor filters = scaled(draw.normal(w.dims()), w);
        Tensor bias = b.memory().upload(draw.normal(w.dim(0)));
        Tensor added = typed(draw.normal(g.outputShape(x, w).dims()))) {
      inference(agreement, images, filters, bias, null);
      inference(agreement, images, filters, bias, added);
      statistics(agreement, images, filters);
      try (Tensor scale = b.memory().upload(draw.away(x.dim(1)));
          Tensor shift = b.memory().upload(draw.normal(x.dim(1)))) {
        normAsRead(agreement, images, filters, new Affine(scale, shift, EPS), added);
      }
    }
  }

  private Tensor typed(HostTensor values) {
    try (Tensor t = b.memory().upload(values)) {
      return b.memory().cast(t, type);
    }
  }

  /** So that results are about 1. */
  private Tensor scaled(HostTensor values, Shape w) {
    try (Tensor t = b.memory().upload(values)) {
      double taps = (double) w.elements() / w.dim(0);
      return b.elementwise().scale(t, (float) (1 / Math.sqrt(taps)));
    }
  }

  private HostTensor host(Tensor t) {
    return b.memory().download(t);
  }

  private void inference(Agreement agreement, Tensor x, Tensor w, Tensor bias, Tensor residual) {
    String what = residual == null ? "bias and ReLU" : "bias, add and ReLU";
    List<HostTensor> twice = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      try (Tensor own = residual == null ? null : copy(residual);
          Tensor y = b.convolutions().inferInPlace(x, w, bias, own, true, g)) {
        twice.add(host(y));
      }
    }
    Elementwise e = b.elementwise();
    try (Tensor y = b.convolutions().forward(x, w, null, g);
        Tensor wide = b.memory().cast(y, DType.F32);
        Tensor perChannel = bias.reshape(Shape.of(1, bias.shape().dim(0), 1, 1));
        Tensor sum = e.binary(Binary.ADD, wide, perChannel);
        Tensor more = residual == null ? null : b.memory().toLayoutOf(residual, sum)) {
      if (more != null) {
        e.addInPlace(sum, more);
      }
      try (Tensor apart = e.activation(engine.backend.Activation.RELU, sum)) {
        agreement.compare(what, host(apart), twice.getFirst());
      }
    }
    Agreement.same(what, twice.getFirst(), twice.getLast());
  }

  private Tensor copy(Tensor t) {
    Tensor own = b.memory().emptyLike(t);
    b.memory().copyInPlace(t, own);
    return own;
  }

  private Sums sums(Tensor y) {
    try (Tensor wide = b.memory().cast(y, DType.F32);
        Tensor squares = b.elementwise().binary(Binary.MUL, wide, wide)) {
      return new Sums(
          b.reductions().sum(wide, PIXELS, false), b.reductions().sum(squares, PIXELS, false));
    }
  }

  private void statistics(Agreement agreement, Tensor x, Tensor w) {
    Convolutions c = b.convolutions();
    Convolutions.ForNorm f = c.forwardForNorm(x, w, g);
    try (Tensor y = f.y();
        Sums sums = f.sums();
        Tensor apart = c.forward(x, w, null, g)) {
      agreement.compare("result before a norm", host(apart), host(y));
      if (sums == null) {
        return;
      }
      fused.add("sums");
      try (Sums right = sums(apart)) {
        agreement.compare("sums", host(right.sum()), host(sums.sum()));
        agreement.compare("sums of squares", host(right.squares()), host(sums.squares()));
      }
      Convolutions.ForNorm again = c.forwardForNorm(x, w, g);
      try (Tensor second = again.y();
          Sums more = again.sums()) {
        Agreement.same("result before a norm", host(y), host(second));
        Agreement.same("sums", host(sums.sum()), host(more.sum()));
        Agreement.same("sums of squares", host(sums.squares()), host(more.squares()));
      }
    }
  }

  private void normAsRead(Agreement agreement, Tensor x, Tensor w, Affine norm, Tensor dy) {
    Convolutions c = b.convolutions();
    Normalizations norms = b.normalizations();
    try (Sums sums = sums(x)) {
      Normalizations.Saved saved = norms.defer(x, sums, norm, null);
      if (saved == null) {
        return;
      }
      try (saved) {
        Convolutions.ForNorm f = c.forwardForNorm(saved.deferred(), w, g);
        if (f == null) {
          return;
        }
        fused.add("norm as it reads");
        try (Tensor y = f.y();
            Sums own = f.sums();
            Tensor read = norms.infer(x, norm, saved.batch(), new After(null, true));
            Tensor apart = c.forward(read, w, null, g);
            Sums right = sums(apart);
            Tensor dw = c.backwardWeight(saved.deferred(), dy, w, g);
            Tensor again = c.backwardWeight(saved.deferred(), dy, w, g);
            Tensor dwApart = c.backwardWeight(read, dy, w, null, g)) {
          agreement.compare("result after a norm", host(apart), host(y));
          agreement.compare("its sums", host(right.sum()), host(own.sum()));
          agreement.compare("its sums of squares", host(right.squares()), host(own.squares()));
          agreement.compare("filters' gradient after a norm", host(dwApart), host(dw));
          Agreement.same("filters' gradient after a norm", host(dw), host(again));
        }
      }
    }
  }
}
