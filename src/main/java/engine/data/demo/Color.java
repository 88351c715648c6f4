package engine.data.demo;

/** Colours are three floats of linear light, where 1 is a white sheet in full daylight. */
final class Color {
  private Color() {}

  /** From the usual hexadecimal sRGB. */
  static float[] of(int hex) {
    return new float[] {linear(hex >> 16 & 255), linear(hex >> 8 & 255), linear(hex & 255)};
  }

  static float[] of(float red, float green, float blue) {
    return new float[] {red, green, blue};
  }

  /** {@code a} at 0, {@code b} at 1. */
  static float[] mix(float[] a, float[] b, float t) {
    return new float[] {
      a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1]), a[2] + t * (b[2] - a[2])
    };
  }

  /** Moves {@code a} towards {@code b} in place. */
  static void blend(float[] a, float[] b, float t) {
    for (int c = 0; c < 3; c++) {
      a[c] += t * (b[c] - a[c]);
    }
  }

  static float[] times(float[] a, float k) {
    return new float[] {a[0] * k, a[1] * k, a[2] * k};
  }

  /** Each channel scaled a little by chance, as no two grounds have the same hue. */
  static float[] vary(float[] a, float by, Dice dice) {
    float all = dice.in(1 - by, 1 + by);
    return new float[] {
      a[0] * all * dice.in(1 - by / 2, 1 + by / 2),
      a[1] * all * dice.in(1 - by / 4, 1 + by / 4),
      a[2] * all * dice.in(1 - by / 2, 1 + by / 2)
    };
  }

  /** 0 below {@code from}, 1 above {@code to}, smooth between. */
  static float step(float from, float to, float x) {
    float t = Math.clamp((x - from) / (to - from), 0f, 1f);
    return t * t * (3 - 2 * t);
  }

  private static float linear(int srgb) {
    return (float) StrictMath.pow(srgb / 255f, 2.2);
  }
}
