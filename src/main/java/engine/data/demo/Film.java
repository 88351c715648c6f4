package engine.data.demo;

import engine.data.image.PixelImage;

/**
 * From light to bytes, with what a cheap camera adds: exposure, white balance, vignette, blur,
 * grain.
 */
final class Film {
  private Film() {}

  /** Each pixel of the picture is the mean of {@code oversample} squared pixels of the canvas. */
  static PixelImage develop(Canvas canvas, int oversample, Dice dice) {
    int width = canvas.width / oversample;
    int height = canvas.height / oversample;
    float[] small = shrink(canvas, oversample, width, height);
    if (dice.chance(.35f)) {
      small = soften(small, width, height, dice.in(.1f, .6f));
    }
    float mean = 0;
    for (float v : small) {
      mean += Math.min(v, 1.5f) / small.length;
    }
    // Most cameras find the right exposure, and none quite: what is dark stays somewhat dark.
    float gain = (float) StrictMath.pow(.33f / Math.max(mean, .02f), .65) * dice.scale(.75f, 1.3f);
    float warm = dice.in(-.09f, .09f);
    float[] balance = {gain * (1 + warm), gain, gain * (1 - warm)};
    float vignette = dice.in(0, .35f);
    float grain = dice.scale(.002f, .018f);
    byte[] data = new byte[small.length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        float dx = 2f * x / width - 1;
        float dy = 2f * y / height - 1;
        float shade = 1 - vignette * .5f * (dx * dx + dy * dy);
        float common = dice.bell() * grain;
        for (int c = 0; c < 3; c++) {
          int i = (y * width + x) * 3 + c;
          float v = tone(small[i] * balance[c] * shade) + common + .5f * grain * dice.in(-1, 1);
          data[i] = (byte) Math.clamp(Math.round(255 * v), 0, 255);
        }
      }
    }
    return new PixelImage(width, height, 3, data);
  }

  /**
   * Linear light to the display's scale: gamma 2 with a shoulder, so that bright skies keep their
   * colour.
   */
  private static float tone(float v) {
    float x = Math.max(0, v);
    return (float) Math.sqrt(x * (1 + .12f * x) / (1 + .9f * x) * 1.25f);
  }

  private static float[] shrink(Canvas canvas, int n, int width, int height) {
    float[] small = new float[width * height * 3];
    float share = 1f / (n * n);
    for (int y = 0; y < height * n; y++) {
      for (int x = 0; x < width * n; x++) {
        int from = (y * canvas.width + x) * 3;
        int to = ((y / n) * width + x / n) * 3;
        for (int c = 0; c < 3; c++) {
          small[to + c] += canvas.rgb[from + c] * share;
        }
      }
    }
    return small;
  }

  private static float[] soften(float[] from, int width, int height, float amount) {
    float[] to = from.clone();
    for (int y = 1; y < height - 1; y++) {
      for (int i = (y * width + 1) * 3; i < (y * width + width - 1) * 3; i++) {
        float around = from[i - 3] + from[i + 3] + from[i - 3 * width] + from[i + 3 * width];
        to[i] += amount * (around / 4 - from[i]);
      }
    }
    return to;
  }
}
