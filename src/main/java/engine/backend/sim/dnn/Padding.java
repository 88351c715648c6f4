package engine.backend.sim.dnn;

/**
 * Zeros around images, where the CPU's convolution cannot add them: another number on each side.
 */
final class Padding {
  private Padding() {}

  /** The images with padding, or as they are if the convolution pads both sides alike. */
  static double[] add(double[] image, DnnTensor x, ConvolutionShape c) {
    return c.isSymmetric() ? image : copy(image, x, c, true);
  }

  /** The inverse of {@link #add}. */
  static double[] remove(double[] padded, DnnTensor x, ConvolutionShape c) {
    return c.isSymmetric() ? padded : copy(padded, x, c, false);
  }

  private static double[] copy(double[] from, DnnTensor x, ConvolutionShape c, boolean add) {
    int planes = (int) (x.dims()[0] * x.dims()[1]);
    int height = (int) x.dims()[2];
    int width = (int) x.dims()[3];
    int wide = (int) (width + c.before()[1] + c.after()[1]);
    int high = (int) (height + c.before()[0] + c.after()[0]);
    double[] to = new double[planes * (add ? high * wide : height * width)];
    for (int p = 0; p < planes; p++) {
      for (int i = 0; i < height; i++) {
        int inner = (p * height + i) * width;
        int outer = (int) ((p * high + i + c.before()[0]) * wide + c.before()[1]);
        System.arraycopy(from, add ? inner : outer, to, add ? outer : inner, width);
      }
    }
    return to;
  }
}
