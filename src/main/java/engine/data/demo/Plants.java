package engine.data.demo;

/** Trees, bushes and grass, drawn as flat figures that face the camera, lit from the sun's side. */
final class Plants {
  private Plants() {}

  /** A fir or spruce of {@code tall} metres whose foot is at (x, y, z). */
  static void conifer(Shot shot, float x, float y, float z, float tall, float[] leaf) {
    Camera camera = shot.camera;
    float cx = camera.screenX(x, z);
    float foot = camera.screenY(y, z);
    float px = tall * camera.focal() / z;
    float spread = shot.dice.in(.13f, .22f);
    float jag = shot.dice.in(-99, 99);
    float[] color = new float[3];
    int top = Math.max(0, (int) (foot - px));
    for (int row = top; row < Math.min(camera.height(), foot); row++) {
      float t = (row - (foot - px)) / px;
      float boughs = .75f + .5f * Math.abs(shot.noise.at(jag, t * 14));
      float half = t > .94f ? px * .02f : px * spread * t * boughs;
      for (int col = (int) (cx - half - 1); col <= cx + half + 1; col++) {
        float u = (col - cx) / (half + .5f);
        float edge = shot.noise.at(col * 18f / px + jag, row * 18f / px);
        float alpha = (1 - Math.abs(u)) * (half + .5f) * .9f + .6f * edge;
        if (alpha <= 0) {
          continue;
        }
        float light = .5f + .3f * u * Math.signum(shot.light.sunX()) + .45f * edge - .15f * t;
        tint(shot, leaf, light, z, color);
        shot.canvas.over(col, row, color, alpha, z);
      }
    }
  }

  /** A leafy tree, or with no {@code trunk} a bush, of {@code tall} metres. */
  static void leafy(Shot shot, float x, float y, float z, float tall, float[] leaf, boolean trunk) {
    Camera camera = shot.camera;
    float px = tall * camera.focal() / z;
    float cx = camera.screenX(x, z);
    float foot = camera.screenY(y, z);
    if (trunk) {
      float[] bark = Color.of(0x4a3c30);
      trunk(shot, cx, foot - px * .6f, foot, Math.max(.5f, px * .03f), z, bark);
    }
    float middle = trunk ? foot - px * .64f : foot - px * .42f;
    float broad = px * shot.dice.in(.28f, .42f) * (trunk ? 1 : 1.5f);
    Leaves leaves = new Leaves(middle, px, z, leaf);
    int lumps = px < 8 ? 2 : px < 40 ? 5 : 9;
    for (int i = 0; i < lumps; i++) {
      float lx = cx + shot.dice.bell() * broad * .4f;
      float ly = middle + shot.dice.bell() * px * (trunk ? .13f : .09f);
      lump(shot, lx, ly, broad * shot.dice.in(.4f, .75f), leaves);
    }
  }

  /**
   * The leaves of one plant.
   *
   * @param middle the row about which they hang
   * @param px height of the plant, in pixels
   * @param z how far away it stands
   */
  record Leaves(float middle, float px, float z, float[] color) {}

  /** A round mass of leaves with a torn rim. */
  static void lump(Shot shot, float cx, float cy, float r, Leaves leaves) {
    float[] color = new float[3];
    float frequency = 14 / Math.max(leaves.px, 6);
    for (int row = (int) (cy - r - 1); row <= cy + r + 1; row++) {
      for (int col = (int) (cx - r - 1); col <= cx + r + 1; col++) {
        float dx = (col - cx) / r;
        float dy = (row - cy) / r;
        float d = dx * dx + dy * dy;
        if (d > 1.3f || !shot.canvas.holds(col, row)) {
          continue;
        }
        float torn = shot.noise.at(col * frequency, row * frequency);
        float fine = shot.noise.at(col * frequency * 2.7f, row * frequency * 2.7f);
        float alpha = (1 - d + .7f * torn + .5f * fine) * Math.min(4, r);
        if (alpha <= 0) {
          continue;
        }
        float up = -dy * (.2f + .25f * shot.light.sunY());
        float light = .5f + up + .25f * dx * Math.signum(shot.light.sunX()) * .7f;
        light += .35f * torn + .3f * fine - .12f * (row - leaves.middle) / (leaves.px * .3f + 1);
        tint(shot, leaves.color, light, leaves.z, color);
        shot.canvas.over(col, row, color, alpha, leaves.z);
      }
    }
  }

  /** An upright stem between two rows. */
  static void trunk(Shot shot, float cx, float top, float foot, float half, float z, float[] bark) {
    float[] color = new float[3];
    float lean = shot.dice.in(-.04f, .04f);
    float key = shot.dice.in(-99, 99);
    for (int row = Math.max(0, (int) top); row < Math.min(shot.camera.height(), foot); row++) {
      float up = (foot - row) / (foot - top + 1);
      float w = half * (1.1f - .35f * up);
      float mid = cx + lean * (foot - row);
      for (int col = (int) (mid - w - 1); col <= mid + w + 1; col++) {
        float u = (col - mid) / (w + .5f);
        float alpha = (1 - Math.abs(u)) * (w + .5f) * 1.5f;
        float grain = .7f * shot.noise.at(u * 4 + key, row * .7f / Math.max(half, 1.5f));
        float light = .45f + .35f * u * Math.signum(shot.light.sunX()) + .3f * grain;
        tint(shot, bark, light, z, color);
        shot.canvas.over(col, row, color, alpha, z);
      }
    }
  }

  /**
   * Blades standing up from the nearest ground, {@code tall} pixels high at the picture's bottom.
   */
  static void blades(Shot shot, int count, float tall, float fromRow, float[] leaf) {
    float[] color = new float[3];
    for (int i = 0; i < count; i++) {
      // Denser and smaller towards the back, drawn back to front.
      float t = (i + 1f) / count;
      float row = fromRow + (shot.camera.height() + tall * .5f - fromRow) * t;
      float size = tall * (.15f + .85f * t) * shot.dice.in(.5f, 1.2f);
      float x = shot.dice.in(0, shot.camera.width());
      float bend = shot.dice.in(-.5f, .5f);
      float tone = shot.dice.in(.25f, 1.1f);
      for (int s = 0; s < size; s++) {
        float u = s / size;
        tint(shot, leaf, tone * (.5f + .6f * u), 3, color);
        int col = Math.round(x + bend * u * u * size);
        shot.canvas.over(col, (int) row - s, color, .85f, .5f);
        if (size > 14 && u < .6f) {
          shot.canvas.over(col + 1, (int) row - s, color, .6f, .5f);
        }
      }
    }
  }

  /**
   * The colour of something of colour {@code base}, {@code light} from 0 in deep shade to 1 in the
   * sun.
   */
  static void tint(Shot shot, float[] base, float light, float z, float[] color) {
    float l = Math.clamp(light, 0f, 1.2f);
    for (int c = 0; c < 3; c++) {
      color[c] =
          base[c]
              * (shot.light.ambient()[c] * (.45f + .75f * l)
                  + shot.light.sun()[c] * l * l * (.25f + .75f * shot.light.sunY()));
    }
    shot.light.fog(color, z);
  }
}
