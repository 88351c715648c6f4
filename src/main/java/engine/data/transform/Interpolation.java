package engine.data.transform;

import com.google.gson.annotations.SerializedName;

/** How a resize weighs source pixels; names and kernels are PIL's. */
public enum Interpolation {
  @SerializedName("nearest")
  NEAREST(0),
  /** The triangle: antialiased when it shrinks, since its base is widened by the scale. */
  @SerializedName("bilinear")
  BILINEAR(1),
  /** Keys' cubic convolution with a = -0.5 (Keys 1981); antialiased likewise. */
  @SerializedName("bicubic")
  BICUBIC(2);

  private final int support;

  Interpolation(int support) {
    this.support = support;
  }

  /** Half the width of the kernel, in source pixels at scale 1. */
  int support() {
    return support;
  }

  /** The kernel at distance {@code x} from its centre. */
  double weight(double x) {
    double d = Math.abs(x);
    return switch (this) {
      case NEAREST -> throw new IllegalStateException("nearest has no kernel");
      case BILINEAR -> d < 1 ? 1 - d : 0;
      case BICUBIC -> {
        double a = -0.5;
        if (d < 1) {
          yield ((a + 2) * d - (a + 3)) * d * d + 1;
        }
        yield d < 2 ? (((d - 5) * d + 8) * d - 4) * a : 0;
      }
    };
  }
}
