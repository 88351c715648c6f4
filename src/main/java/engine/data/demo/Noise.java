package engine.data.demo;

/**
 * Gradient noise over the plane (Perlin, "An Image Synthesizer", 1985, with the quintic fade of
 * 2002) and its sums over octaves. Only additions and multiplications of floats: the same on every
 * machine.
 */
final class Noise {
  private static final float[] GRADIENT_X = {1, -1, 0, 0, .7071f, -.7071f, .7071f, -.7071f};
  private static final float[] GRADIENT_Y = {0, 0, 1, -1, .7071f, .7071f, -.7071f, -.7071f};

  private final int seed;

  Noise(long seed) {
    this.seed = (int) (seed ^ seed >>> 32);
  }

  /** Smooth noise with features of about one unit, roughly between -1 and 1. */
  float at(float x, float y) {
    int ix = floor(x);
    int iy = floor(y);
    float fx = x - ix;
    float fy = y - iy;
    float u = fade(fx);
    float v = fade(fy);
    float a = corner(ix, iy, fx, fy);
    float b = corner(ix + 1, iy, fx - 1, fy);
    float c = corner(ix, iy + 1, fx, fy - 1);
    float d = corner(ix + 1, iy + 1, fx - 1, fy - 1);
    float top = a + u * (b - a);
    return 1.5f * (top + v * (c + u * (d - c) - top));
  }

  /**
   * Fractal sum: each octave has twice the frequency and half the height. Roughly between -1 and 1.
   */
  float fbm(float x, float y, int octaves) {
    float sum = 0;
    float amplitude = .5f;
    for (int o = 0; o < octaves; o++) {
      sum += amplitude * at(x, y);
      // Turned by about 37 degrees, so that the octaves' lattices do not line up.
      float t = 1.6f * x - 1.2f * y + 17.3f;
      y = 1.2f * x + 1.6f * y - 9.1f;
      x = t;
      amplitude *= .5f;
    }
    return 1.3f * sum;
  }

  /**
   * Fractal sum of creases: sharp crests between smooth valleys, as mountains and dunes have. From
   * 0 to about 1.
   */
  float ridged(float x, float y, int octaves) {
    float sum = 0;
    float amplitude = .55f;
    float weight = 1;
    for (int o = 0; o < octaves; o++) {
      float crest = 1 - Math.abs(at(x, y));
      crest *= crest;
      sum += amplitude * weight * crest;
      weight = crest;
      float t = 1.6f * x - 1.2f * y + 17.3f;
      y = 1.2f * x + 1.6f * y - 9.1f;
      x = t;
      amplitude *= .5f;
    }
    return sum;
  }

  /** An independent value from 0 to 1 for each cell of the lattice. */
  float cell(int x, int y) {
    return (hash(x, y) >>> 8) * (1f / (1 << 24));
  }

  /**
   * The cells' values, smoothly joined only within cells: blotches with hard borders, such as
   * gravel.
   */
  float pebbles(float x, float y) {
    int ix = floor(x);
    int iy = floor(y);
    float best = 9;
    float value = 0;
    for (int dy = -1; dy <= 1; dy++) {
      for (int dx = -1; dx <= 1; dx++) {
        int h = hash(ix + dx, iy + dy);
        float px = ix + dx + (h & 255) / 256f - x;
        float py = iy + dy + (h >> 8 & 255) / 256f - y;
        float d = px * px + py * py;
        if (d < best) {
          best = d;
          value = (h >>> 16 & 255) / 255f;
        }
      }
    }
    return value * (1 - Math.min(1, best * 1.6f));
  }

  static int floor(float x) {
    int i = (int) x;
    return x < i ? i - 1 : i;
  }

  private static float fade(float t) {
    return t * t * t * (t * (t * 6 - 15) + 10);
  }

  private float corner(int ix, int iy, float dx, float dy) {
    int g = hash(ix, iy) >>> 29;
    return GRADIENT_X[g] * dx + GRADIENT_Y[g] * dy;
  }

  private int hash(int x, int y) {
    int h = x * 0x27d4eb2d ^ y * 0x165667b1 ^ seed;
    h = (h ^ h >>> 15) * 0x85ebca6b;
    return h ^ h >>> 13;
  }
}
