package engine.data.demo;

/** Among the trees, or a wooded slope from outside. */
final class ForestScene {
  private ForestScene() {}

  static void paint(Shot shot) {
    if (shot.dice.chance(.6f)) {
      inside(shot);
    } else {
      slope(shot);
    }
  }

  private static void inside(Shot shot) {
    Dice dice = shot.dice;
    shot.stand(dice.in(.45f, .7f), dice.in(.7f, 1.3f), dice.in(1.4f, 3));
    boolean firs = dice.chance(.4f);
    float[] leaf =
        Color.vary(
            firs
                ? Color.of(0x46603a)
                : Color.mix(Color.of(0x6a8a38), Color.of(0xb8862c), autumn(dice)),
            .2f,
            dice);
    float[] bark =
        Color.vary(dice.chance(.2f) ? Color.of(0xb8b0a4) : Color.of(0x5a4a3c), .25f, dice);
    backdrop(shot, leaf);
    Floor floor = new Floor(shot, leaf);
    Light open = shot.light;
    // Under the crowns the air is green and near: trees fade within a hundred metres.
    float[] air = Color.mix(Color.times(leaf, 1.6f), open.horizon(), dice.in(.15f, .7f));
    shot.light = open.within(air, 1 / dice.scale(40, 250), .55f);
    Terrain.paint(shot, floor, 1, 120, .02f);
    int count = dice.between(14, 55);
    for (int i = 0; i < count; i++) {
      float z = 90 / (1 + 27f * i * i / count / count);
      float x = shot.camera.worldX(dice.in(-10, shot.camera.width() + 10), z);
      float foot = shot.camera.screenY(floor.height(x, z), z);
      float thick = dice.in(.06f, .3f) * shot.camera.focal() / z;
      if (firs && z > 12 && dice.chance(.6f)) {
        Plants.conifer(shot, x, floor.height(x, z), z, dice.in(6, 22), leaf);
      } else {
        Plants.trunk(shot, shot.camera.screenX(x, z), -9, foot, thick, z, bark);
      }
      if (z > 5 && dice.chance(.3f)) {
        Plants.leafy(shot, x, floor.height(x, z), z, dice.in(.5f, 1.8f), leaf, false);
      }
      crown(shot, z, leaf);
    }
  }

  private static float autumn(Dice dice) {
    return dice.chance(.3f) ? dice.in(.3f, 1) : dice.in(0, .2f);
  }

  /** A few masses of leaves that hang into the picture at distance {@code z}. */
  private static void crown(Shot shot, float z, float[] leaf) {
    float px = 5 * shot.camera.focal() / z;
    for (int i = 0; i < 2; i++) {
      float x = shot.dice.in(0, shot.camera.width());
      float y = shot.dice.in(-.1f, .8f) * shot.camera.horizon() * Math.min(1, z / 60) - 4;
      Plants.lump(shot, x, y, Math.min(px * .4f, 30), new Plants.Leaves(y, px, z, leaf));
    }
  }

  /** Far leaves with light between them. */
  private static void backdrop(Shot shot, float[] leaf) {
    float[] gap = Color.mix(shot.light.horizon(), leaf, .25f);
    float[] dark = Color.times(leaf, .25f + .3f * shot.light.ambient()[1]);
    float[] color = new float[3];
    float openness = shot.dice.in(-.5f, .3f);
    for (int y = 0; y < shot.canvas.height; y++) {
      for (int x = 0; x < shot.canvas.width; x++) {
        float n = shot.noise.fbm(x * .03f, y * .02f, 4);
        float t = Color.step(-.5f, .9f, n + openness);
        for (int c = 0; c < 3; c++) {
          color[c] = dark[c] + t * (gap[c] - dark[c]);
        }
        shot.canvas.set(x, y, color, Canvas.INFINITY);
      }
    }
  }

  private static void slope(Shot shot) {
    Dice dice = shot.dice;
    shot.stand(dice.in(.1f, .6f), dice.in(.7f, 1.5f), dice.scale(10, 80));
    shot.paintSky();
    float[] leaf =
        Color.vary(Color.mix(Color.of(0x3f5430), Color.of(0x62752f), dice.in(0, 1)), .2f, dice);
    float tall = dice.scale(20, 160);
    float rise = dice.in(.05f, .3f);
    Terrain.Ground hill =
        new Terrain.Ground() {
          @Override
          public float height(float x, float z) {
            return tall * shot.noise.fbm(x * .004f, z * .004f, 3) * Color.step(5, 150, z)
                + rise * Math.max(0, z - 60) / (1 + z / 1500);
          }

          @Override
          public void albedo(float x, float z, float h, float slope, float[] color) {
            float n = shot.noise.fbm(x * .1f, z * .1f, 3);
            for (int c = 0; c < 3; c++) {
              color[c] = leaf[c] * (.7f + .5f * n);
            }
          }
        };
    shot.camera = shot.camera.above(hill.height(0, 1));
    Terrain.paint(shot, hill, 4, 3000, .02f);
    float mixed = dice.in(0, 1);
    float autumn = autumn(dice);
    int count = dice.between(300, 500);
    for (int i = 0; i < count; i++) {
      float t = (float) i / count;
      float z = 1200 / (1 + 35 * t * t);
      float x = shot.camera.worldX(dice.in(-20, shot.camera.width() + 20), z);
      float[] own =
          Color.vary(Color.mix(leaf, Color.of(0xb07a2c), dice.chance(.4f) ? autumn : 0), .2f, dice);
      float size = dice.in(9, 20);
      if (dice.chance(mixed)) {
        Plants.conifer(shot, x, hill.height(x, z) - 1, z, size, own);
      } else {
        Plants.leafy(shot, x, hill.height(x, z) - 2, z, size * .8f, own, false);
      }
    }
  }

  private static final class Floor implements Terrain.Ground {
    private final Noise noise;
    private final float[] litter;
    private final float[] moss;
    private final float cover;

    Floor(Shot shot, float[] leaf) {
      noise = shot.noise;
      litter = Color.vary(Color.of(0x6a4f34), .25f, shot.dice);
      moss = Color.times(leaf, .8f);
      cover = shot.dice.in(-.5f, .5f);
    }

    @Override
    public float height(float x, float z) {
      return .5f * noise.fbm(x * .15f, z * .15f, 3);
    }

    @Override
    public void albedo(float x, float z, float height, float slope, float[] color) {
      float n = noise.fbm(x * .5f, z * .5f, 3);
      float fine = z < 30 ? noise.fbm(x * 5, z * 5, 3) : 0;
      // Spots of sun that fall through the crowns.
      float spot = 1 + 1.4f * Color.step(.15f, .35f, noise.fbm(x * .4f + 30, z * .4f, 2));
      float green = Color.step(-.2f, .4f, n + cover);
      for (int c = 0; c < 3; c++) {
        float g = litter[c] + green * (moss[c] - litter[c]);
        color[c] = g * (.7f + .3f * n + .6f * fine) * spot;
      }
    }
  }
}
