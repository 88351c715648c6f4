package engine.backend;

import engine.backend.Elementwise.Binary;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * An op of a quantised network that is computed in real numbers, between layers of bytes: what it
 * reads is made real first, and what it gives may be rounded again. Operands are F32.
 */
public sealed interface RealOp {
  /**
   * Shape of the result.
   *
   * @throws IllegalArgumentException if the operands do not fit
   */
  Shape outputShape(List<Shape> in);

  /**
   * Computes it; the operands stay the caller's.
   *
   * @param in F32
   * @return F32, in a layout of the device's own
   */
  Tensor run(Backend b, List<Tensor> in);

  /** Products of an image, where they are what it costs; 0 for what only passes over its values. */
  default long products(List<Shape> in) {
    return 0;
  }

  /** Operands: x [N, C, H, W], filters [O, C/groups, kH, kW], and a bias [O] or none. */
  record Convolution(Conv2dGeometry geometry) implements RealOp {
    public Convolution {
      Objects.requireNonNull(geometry);
    }

    @Override
    public Shape outputShape(List<Shape> in) {
      return geometry.outputShape(in.get(0), in.get(1));
    }

    @Override
    public Tensor run(Backend b, List<Tensor> in) {
      Tensor x = in.get(0);
      Tensor w = in.get(1);
      Tensor bias = in.size() > 2 ? in.get(2) : null;
      return isProduct(x.shape(), w.shape())
          ? product(b, x, w, bias)
          : b.convolutions().forward(x, w, bias, geometry);
    }

    /** Of one pixel with filters of one pixel: there is a faster way. */
    private boolean isProduct(Shape x, Shape w) {
      return x.elements() == x.dim(0) * x.dim(1)
          && w.elements() == w.dim(0) * w.dim(1)
          && geometry.groups() == 1
          && geometry.outputShape(x, w).elements() == x.dim(0) * w.dim(0);
    }

    private static Tensor product(Backend b, Tensor x, Tensor w, Tensor bias) {
      long n = x.shape().dim(0);
      long outs = w.shape().dim(0);
      try (Tensor plain = b.memory().toRowMajor(x, x.dtype());
          Tensor rows = plain.reshape(Shape.of(n, x.shape().dim(1)));
          Tensor matrix = w.reshape(Shape.of(outs, w.shape().dim(1)));
          Tensor y = b.linears().forward(rows, matrix, bias)) {
        return y.reshape(Shape.of(n, outs, 1, 1));
      }
    }

    @Override
    public long products(List<Shape> in) {
      Shape w = in.get(1);
      Shape y = outputShape(in);
      return y.elements() / y.dim(0) * (w.elements() / w.dim(0));
    }
  }

  /** Operands: x [N, I] or [N, I, 1, 1], a matrix [O, I], and a bias [O] or none. */
  record Linear() implements RealOp {
    @Override
    public Shape outputShape(List<Shape> in) {
      Shape x = in.get(0);
      Shape w = in.get(1);
      if (w.rank() != 2 || x.elements() != x.dim(0) * w.dim(1)) {
        throw new IllegalArgumentException("a matrix " + w + " does not take " + x);
      }
      return Shape.of(x.dim(0), w.dim(0));
    }

    @Override
    public Tensor run(Backend b, List<Tensor> in) {
      Tensor x = in.get(0);
      Shape rows = Shape.of(x.shape().dim(0), in.get(1).shape().dim(1));
      try (Tensor plain = b.memory().toRowMajor(x, x.dtype());
          Tensor flat = plain.reshape(rows)) {
        return b.linears().forward(flat, in.get(1), in.size() > 2 ? in.get(2) : null);
      }
    }

    @Override
    public long products(List<Shape> in) {
      return in.get(1).elements();
    }
  }

  /** A function of each value. */
  record Activate(Activation function) implements RealOp {
    public Activate {
      Objects.requireNonNull(function);
    }

    @Override
    public Shape outputShape(List<Shape> in) {
      return in.getFirst();
    }

    @Override
    public Tensor run(Backend b, List<Tensor> in) {
      return b.elementwise().activation(function, in.getFirst());
    }
  }

  /** Of two operands, broadcast by NumPy's rule. */
  record Combine(Binary function) implements RealOp {
    public static final Combine SUM = new Combine(Binary.ADD);
    public static final Combine PRODUCT = new Combine(Binary.MUL);

    public Combine {
      Objects.requireNonNull(function);
    }

    @Override
    public Shape outputShape(List<Shape> in) {
      Shape a = in.get(0);
      Shape b = in.get(1);
      int rank = Math.max(a.rank(), b.rank());
      long[] dims = new long[rank];
      for (int i = 1; i <= rank; i++) {
        long x = i <= a.rank() ? a.dim(a.rank() - i) : 1;
        long y = i <= b.rank() ? b.dim(b.rank() - i) : 1;
        if (x != y && x != 1 && y != 1) {
          throw new IllegalArgumentException(a + " and " + b + " do not fit each other");
        }
        dims[rank - i] = Math.max(x, y);
      }
      return Shape.of(dims);
    }

    @Override
    public Tensor run(Backend b, List<Tensor> in) {
      return b.elementwise().binary(function, in.get(0), in.get(1));
    }
  }

  /** The mean or the largest value of each image's channel: [N, C, H, W] to [N, C, 1, 1]. */
  record GlobalPool(boolean largest) implements RealOp {
    @Override
    public Shape outputShape(List<Shape> in) {
      return Pools.adaptiveShape(in.getFirst(), 1, 1);
    }

    @Override
    public Tensor run(Backend b, List<Tensor> in) {
      if (!largest) {
        return b.pools().adaptiveAverage(in.getFirst(), 1, 1);
      }
      Pools.Max max = b.pools().adaptiveMax(in.getFirst(), 1, 1);
      max.where().close();
      return max.y();
    }
  }

  /**
   * The mean or the largest value over the channels of each pixel: [N, C, H, W] to [N, 1, H, W].
   */
  record OverChannels(boolean largest) implements RealOp {
    @Override
    public Shape outputShape(List<Shape> in) {
      long[] dims = in.getFirst().dims().clone();
      dims[1] = 1;
      return Shape.of(dims);
    }

    @Override
    public Tensor run(Backend b, List<Tensor> in) {
      int[] channels = {1};
      return largest
          ? b.reductions().amax(in.getFirst(), channels, true)
          : b.reductions().mean(in.getFirst(), channels, true);
    }
  }

  /** Channels of several operands one after another. */
  record Concat() implements RealOp {
    @Override
    public Shape outputShape(List<Shape> in) {
      long[] dims = in.getFirst().dims().clone();
      dims[1] = in.stream().mapToLong(s -> s.dim(1)).sum();
      Shape out = Shape.of(dims);
      if (in.stream().mapToLong(Shape::elements).sum() != out.elements()) {
        throw new IllegalArgumentException(in + " do not fit each other");
      }
      return out;
    }

    @Override
    public Tensor run(Backend b, List<Tensor> in) {
      return b.elementwise().concat(in.toArray(Tensor[]::new), 1);
    }
  }

  /** [N, C] to [N, C, 1, 1]. */
  record AsPixel() implements RealOp {
    @Override
    public Shape outputShape(List<Shape> in) {
      Shape x = in.getFirst();
      long[] pixel = Arrays.copyOf(x.dims(), 4);
      pixel[2] = 1;
      pixel[3] = 1;
      Shape y = Shape.of(pixel);
      if (x.elements() != y.elements()) {
        throw new IllegalArgumentException(x + " is more than a pixel");
      }
      return y;
    }

    @Override
    public Tensor run(Backend b, List<Tensor> in) {
      Tensor x = in.getFirst();
      try (Tensor plain = b.memory().toRowMajor(x, x.dtype())) {
        return plain.reshape(outputShape(List.of(x.shape())));
      }
    }
  }

  /** Operands: x, scale [C], shift [C]; see {@link LayerNorms#forward}. */
  record LayerNorm(int axis, float eps) implements RealOp {
    @Override
    public Shape outputShape(List<Shape> in) {
      Shape x = in.getFirst();
      long rows = x.dim(LayerNorms.alongChannels(x, axis) ? 1 : x.rank() - 1);
      if (in.get(1).elements() != rows || in.get(2).elements() != rows) {
        throw new IllegalArgumentException("a norm of " + in.get(1) + " does not take " + x);
      }
      return x;
    }

    @Override
    public Tensor run(Backend b, List<Tensor> in) {
      var f = b.layerNorms().forward(in.get(0), in.get(1), in.get(2), axis, eps);
      f.saved().close();
      return f.y();
    }
  }
}
