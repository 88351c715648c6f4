package engine.data.demo;

/** Loose stones. */
final class Rocks {
  private Rocks() {}

  /** A boulder of {@code size} metres lying at (x, y, z). */
  static void boulder(Shot shot, float x, float y, float z, float size, float[] stone) {
    Camera camera = shot.camera;
    float r = size * camera.focal() / z / 2;
    float cx = camera.screenX(x, z);
    float cy = camera.screenY(y, z) - r * .35f;
    float flat = shot.dice.in(.5f, .85f);
    float key = shot.dice.in(-99, 99);
    float[] color = new float[3];
    for (int row = (int) (cy - r); row <= cy + r + 1; row++) {
      for (int col = (int) (cx - r - 1); col <= cx + r + 1; col++) {
        float dx = (col - cx) / r;
        float dy = (row - cy) / (r * flat);
        float facet = shot.noise.at(dx * 1.4f + key, dy * 1.4f);
        float d = dx * dx + dy * dy + .5f * facet;
        if (d > 1 || dy > .75f) {
          continue;
        }
        float light = .5f - .4f * dy + .35f * dx * Math.signum(shot.light.sunX()) + .5f * facet;
        Plants.tint(shot, stone, light, z, color);
        shot.canvas.over(col, row, color, (1 - d) * r, z);
      }
    }
  }
}
