package engine.data.demo;

/** Buildings: a skyline over roofs, or down a street between two rows of fronts. */
final class CityScene {
  private static final int[] WALLS = {
    0xb0a79a, 0x8d8f94, 0xc8b79c, 0x96705c, 0x6f7f8e, 0xd8d4cc, 0x5c6068, 0xa88f78
  };

  private CityScene() {}

  static void paint(Shot shot) {
    if (shot.dice.chance(.55f)) {
      skyline(shot);
    } else {
      street(shot);
    }
  }

  private static void skyline(Shot shot) {
    Dice dice = shot.dice;
    shot.stand(dice.in(.45f, .8f), dice.in(.8f, 1.6f), dice.scale(10, 90));
    shot.paintSky();
    groundBelow(shot);
    int rows = dice.between(3, 6);
    float density = dice.in(.6f, 1);
    float tallest = dice.scale(40, 260);
    for (int row = 0; row < rows; row++) {
      float z = 2500 / (1 + 9f * row / rows);
      float left = shot.camera.worldX(0, z) - dice.in(0, 40);
      float right = shot.camera.worldX(shot.camera.width(), z);
      for (float x = left; x < right; ) {
        float wide = dice.scale(14, 55);
        float bell = (float) StrictMath.exp(-x * x / (z * z * .12f));
        float tall = 10 + tallest * (.15f + .85f * bell) * dice.in(.15f, 1) * dice.in(.3f, 1);
        if (dice.chance(density)) {
          Facade.tower(shot, x, wide, tall, z, Color.of(WALLS[dice.below(WALLS.length)]));
        }
        x += wide * dice.in(.9f, 1.6f);
      }
    }
  }

  private static void groundBelow(Shot shot) {
    float[] color = new float[3];
    float[] roofs = Color.vary(Color.of(0x77716b), .2f, shot.dice);
    for (int y = Math.max(0, (int) shot.camera.horizon()); y < shot.canvas.height; y++) {
      float z = shot.camera.planeZ(0, y + .6f);
      for (int x = 0; x < shot.canvas.width; x++) {
        float wx = shot.camera.worldX(x, z);
        float block = shot.noise.cell(Noise.floor(wx / 25), Noise.floor(z / 40));
        for (int c = 0; c < 3; c++) {
          color[c] = roofs[c] * (.5f + .8f * block);
        }
        shot.light.shade(color, 0, 1, 0, 1);
        shot.light.fog(color, z);
        shot.canvas.set(x, y, color, z + 3000);
      }
    }
  }

  /**
   * Each pixel's ray meets the road or one of the two rows of fronts; what it meets first is seen.
   */
  private static void street(Shot shot) {
    Dice dice = shot.dice;
    shot.stand(dice.in(.45f, .7f), dice.in(.6f, 1.1f), dice.in(1.6f, 8));
    shot.paintSky();
    float half = dice.in(7, 16);
    float tall = dice.scale(12, 60);
    float turn = dice.in(-.25f, .25f);
    Facade facade = new Facade(shot);
    float[] asphalt = Color.vary(Color.of(0x5a5a5c), .2f, dice);
    float[] color = new float[3];
    for (int y = 0; y < shot.canvas.height; y++) {
      float down = (y - shot.camera.horizon()) / shot.camera.focal();
      for (int x = 0; x < shot.canvas.width; x++) {
        float side = (x - shot.canvas.width / 2f) / shot.camera.focal() + turn;
        float toWall = half / Math.max(Math.abs(side), 1e-4f);
        float toRoad = down > 0 ? shot.camera.eye() / down : Canvas.INFINITY;
        if (toRoad < toWall && toRoad < 3000) {
          road(shot, side * toRoad, toRoad, half, asphalt, color);
          shot.canvas.set(x, y, color, toRoad);
        } else if (toWall < 1500) {
          float height = shot.camera.eye() - down * toWall;
          if (facade.front(toWall, height, side > 0 ? 1 : -1, tall, color)) {
            shot.canvas.set(x, y, color, toWall);
          }
        }
      }
    }
    cars(shot, half, turn, dice.between(0, 12));
    if (dice.chance(.4f)) {
      float[] leaf = Color.vary(Color.of(0x55703a), .2f, dice);
      for (float z = 120; z > 12; z *= .75f) {
        float x = half * .75f * (dice.chance(.5f) ? 1 : -1) - turn * z;
        Plants.leafy(shot, x, 0, z, dice.in(5, 9), leaf, true);
      }
    }
  }

  private static void road(
      Shot shot, float x, float z, float half, float[] asphalt, float[] color) {
    float n = shot.noise.fbm(x * .7f, z * .3f, 3);
    boolean pavement = Math.abs(x) > half * .68f;
    boolean dash = Math.abs(x) < .15f && z % 9 < 4;
    float tone = (pavement ? 1.6f : 1) * (1 + .2f * n);
    for (int c = 0; c < 3; c++) {
      color[c] = dash ? .6f : asphalt[c] * tone;
    }
    shot.light.shade(color, 0, 1, 0, .5f);
    shot.light.fog(color, z * 3);
  }

  private static void cars(Shot shot, float half, float turn, int count) {
    int[] paints = {0x202020, 0xd8d8d8, 0x8a1f1f, 0x1f3f7a, 0x8c9096};
    for (int i = 0; i < count; i++) {
      float z = 120 / (1 + 9f * i / count);
      float x = half * shot.dice.in(.2f, .6f) * (shot.dice.chance(.5f) ? 1 : -1) - turn * z;
      float[] paint = Color.of(paints[shot.dice.below(paints.length)]);
      Facade.box(shot, x, 0, z, 1.9f, .9f, paint);
      Facade.box(shot, x, .9f, z, 1.6f, .55f, Color.of(0x30363c));
    }
  }
}
