package engine.backend.cuda.ops;

import engine.backend.Linears;
import engine.backend.cuda.memory.CudaMemory;
import engine.backend.cuda.ops.CublasProducts.Epilogue;
import engine.backend.cuda.ops.CublasProducts.Extents;
import engine.backend.cuda.ops.CublasProducts.Product;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;

/**
 * Fully connected layers by cuBLASLt. It has matrices by columns: a row-major [N, I] is its I x N,
 * so every product is written transposed and with its operands exchanged. Where x is of a half type
 * all operands are, as under PyTorch's autocast, and sums are in fp32.
 */
public final class CudaLinears implements Linears {
  private final CudaMemory memory;
  private final CudaReductions reductions;
  private final CublasProducts products;

  public CudaLinears(CudaMemory memory, CudaReductions reductions, CublasProducts products) {
    this.memory = memory;
    this.reductions = reductions;
    this.products = products;
  }

  @Override
  public Tensor forward(Tensor x, Tensor w, Tensor bias) {
    return multiply(x, w, bias, false);
  }

  @Override
  public Tensor inferRelu(Tensor x, Tensor w, Tensor bias) {
    return multiply(x, w, bias, true);
  }

  private Tensor multiply(Tensor x, Tensor w, Tensor bias, boolean relu) {
    if (x.shape().rank() != 2 || w.shape().rank() != 2 || x.shape().dim(1) != w.shape().dim(1)) {
      throw new IllegalArgumentException(
          "a linear layer of weight " + w.shape() + " does not take an input " + x.shape());
    }
    long n = x.shape().dim(0);
    long in = x.shape().dim(1);
    long out = w.shape().dim(0);
    Tensor y = memory.empty(DType.F32, Shape.of(n, out));
    try (Tensor weight = memory.cast(w, x.dtype())) {
      Epilogue epilogue = Epilogue.of(bias != null, relu);
      Product p = new Product(new Extents(out, n, in), true, false, x.dtype(), DType.F32, epilogue);
      products.multiplyInPlace(p, weight, x, bias, y);
    }
    return y;
  }

  @Override
  public Tensor backwardData(Tensor dy, Tensor w, Tensor x) {
    long n = x.shape().dim(0);
    long in = x.shape().dim(1);
    long out = w.shape().dim(0);
    DType type = x.dtype();
    Tensor dx = memory.empty(type, x.shape());
    try (Tensor g = memory.cast(dy, type);
        Tensor weight = memory.cast(w, type)) {
      Product p = new Product(new Extents(in, n, out), false, false, type, type, Epilogue.NONE);
      products.multiplyInPlace(p, weight, g, null, dx);
    }
    return dx;
  }

  @Override
  public Tensor backwardWeight(Tensor dy, Tensor x) {
    long n = x.shape().dim(0);
    long in = x.shape().dim(1);
    long out = dy.shape().dim(1);
    Tensor dw = memory.empty(DType.F32, Shape.of(out, in));
    try (Tensor g = memory.cast(dy, x.dtype())) {
      Product p =
          new Product(new Extents(in, out, n), false, true, x.dtype(), DType.F32, Epilogue.NONE);
      products.multiplyInPlace(p, x, g, null, dw);
    }
    return dw;
  }

  @Override
  public Tensor backwardBias(Tensor dy) {
    return reductions.sum(dy, new int[] {0}, false);
  }
}
