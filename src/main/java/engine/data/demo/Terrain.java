package engine.data.demo;

/**
 * Draws a height field, column by column from near to far: only what rises above the nearer ground
 * is seen.
 */
final class Terrain {
  private Terrain() {}

  /** The shape and colour of the ground. */
  interface Ground {
    /** Metres above zero at (x, z). */
    float height(float x, float z);

    /**
     * Sets the colour of the ground without light.
     *
     * @param slope 1 on level ground, 0 on a wall
     */
    void albedo(float x, float z, float height, float slope, float[] color);
  }

  /**
   * Draws from {@code near} to {@code far} metres.
   *
   * @param fine each step's share of the distance; smaller is slower and crisper
   */
  static void paint(Shot shot, Ground ground, float near, float far, float fine) {
    Camera camera = shot.camera;
    float[] color = new float[3];
    // Ground right below a high camera is out of the picture; hills may still rise into it from
    // there.
    float above = camera.eye() - ground.height(0, near);
    float start =
        Math.max(near, .35f * above * camera.focal() / (camera.height() - camera.horizon()));
    // The film averages columns in pairs, so one of each pair is enough.
    for (int x = 0; x < camera.width(); x += 2) {
      float top = camera.height();
      float lastRow = camera.height() + 1;
      float lastZ = start;
      for (float z = start; z < far && top > 0; z += Math.max(z * fine, .02f)) {
        float row = camera.screenY(ground.height(camera.worldX(x, z), z), z);
        if (row < top) {
          int from = Math.max(0, (int) Math.ceil(row));
          for (int y = from; y < top; y++) {
            float t = lastRow > row ? Math.clamp((lastRow - y) / (lastRow - row), 0f, 1f) : 1;
            float at = lastZ + t * (z - lastZ);
            // The outline needs every row; the colour inside, one of two.
            if (y == from || y % 2 == 0) {
              pixel(shot, ground, x, at, color);
            }
            shot.canvas.set(x, y, color, at);
            shot.canvas.set(x + 1, y, color, at);
          }
          top = from;
        }
        lastRow = row;
        lastZ = z;
      }
    }
  }

  private static void pixel(Shot shot, Ground ground, int column, float z, float[] color) {
    float x = shot.camera.worldX(column, z);
    // The slope is that of the patch one pixel covers, or the far ground would glitter.
    float e = Math.max(.01f, 1.2f * z / shot.camera.focal());
    float h = ground.height(x, z);
    float nx = h - ground.height(x + e, z);
    float nz = h - ground.height(x, z + e);
    float length = (float) Math.sqrt(nx * nx + nz * nz + e * e);
    float ny = e / length;
    ground.albedo(x, z, h, ny, color);
    shot.light.shade(color, nx / length, ny, nz / length, 1);
    shot.light.fog(color, z);
  }
}
