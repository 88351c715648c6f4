package engine.data.demo;

/**
 * A water surface at height 0: mirrors what stands above its far shore, the more the flatter one
 * looks at it.
 */
final class Water {
  private Water() {}

  /**
   * How it looks.
   *
   * @param body colour of the water itself
   * @param ripple how far reflections are torn, in rows a metre of wave
   * @param wave size of the waves in metres
   */
  record Look(float[] body, float ripple, float wave) {}

  /** Covers what lies lower than the surface or is farther than it. */
  static void paint(Shot shot, Look look) {
    Canvas canvas = shot.canvas;
    Camera camera = shot.camera;
    float[] mirrored = new float[3];
    float[] color = new float[3];
    int first = Math.max(0, (int) camera.horizon() + 1);
    // As in Terrain, one column of each pair that the film averages.
    for (int x = 0; x < canvas.width; x += 2) {
      int shore = first;
      while (shore < canvas.height && !isWater(shot, x, shore)) {
        shore++;
      }
      for (int y = shore; y < canvas.height; y++) {
        if (!isWater(shot, x, y)) {
          continue;
        }
        float z = camera.planeZ(0, y);
        float wx = camera.worldX(x, z);
        float stretch = 1 / look.wave;
        float swell = shot.noise.fbm(wx * stretch * .5f, z * stretch, 3);
        float calm = 1 / (1 + z * .004f);
        int row = Math.round(2 * shore - y - 1 + look.ripple * swell * (1 + (y - shore) * .12f));
        canvas.read(x + Math.round(look.ripple * swell * .5f), Math.min(row, shore - 1), mirrored);
        float glance = 1 / (1 + camera.eye() * 5 / z);
        float fresnel = Math.clamp(.12f + .85f * glance * glance - .12f * swell * calm, .05f, .95f);
        for (int c = 0; c < 3; c++) {
          float deep = look.body[c] * (shot.light.sun()[c] * .7f + shot.light.ambient()[c]);
          deep *= 1 + .35f * swell * calm;
          color[c] = deep + fresnel * (mirrored[c] * .93f - deep);
        }
        shot.light.fog(color, z * .6f);
        canvas.set(x, y, color, z);
        if (isWater(shot, x + 1, y)) {
          canvas.set(x + 1, y, color, z);
        }
      }
    }
  }

  private static boolean isWater(Shot shot, int x, int y) {
    return y > shot.camera.horizon()
        && shot.camera.planeZ(0, y) < shot.canvas.depth[y * shot.canvas.width + x];
  }
}
