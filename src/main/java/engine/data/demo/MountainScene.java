package engine.data.demo;

/** Rocky peaks over green or bare slopes, some with snow. */
final class MountainScene {
  private MountainScene() {}

  static void paint(Shot shot) {
    Dice dice = shot.dice;
    shot.stand(dice.in(.45f, .85f), dice.in(.7f, 1.6f), dice.scale(5, 200));
    shot.paintSky();
    Range range = new Range(shot, dice.scale(700, 2200), dice.scale(900, 4000));
    range.snowLine = dice.chance(.6f) ? range.tall * dice.in(.25f, .8f) : 1e9f;
    shot.camera = shot.camera.above(range.height(0, 1));
    Terrain.paint(shot, range, 2, 20000, .017f);
    if (dice.chance(.6f)) {
      woods(shot, range, dice.between(40, 260));
    }
  }

  private static void woods(Shot shot, Range range, int count) {
    float[] leaf = Color.vary(Color.of(0x3f5232), .2f, shot.dice);
    float far = Math.min(range.from * 1.3f, 1500);
    for (int i = 0; i < count; i++) {
      float z = far / (1 + (far / 40 - 1) * i * i / count / count);
      float x = shot.camera.worldX(shot.dice.in(0, shot.camera.width()), z);
      if (shot.noise.at(x / 130, z / 130) > -.1f) {
        Plants.conifer(shot, x, range.height(x, z) - .5f, z, shot.dice.in(8, 20), leaf);
      }
    }
  }

  /** Foothills, and behind {@code from} metres a chain about {@code tall} metres high. */
  static final class Range implements Terrain.Ground {
    final float tall;
    final float from;
    float snowLine;
    private final Noise noise;
    private final float size;
    private final float offset;
    private final float foothills;
    private final float[] rock;
    private final float[] meadow;
    private final float[] snow = Color.of(.92f, .94f, .97f);

    Range(Shot shot, float tall, float from) {
      Dice dice = shot.dice;
      this.tall = tall;
      this.from = from;
      noise = shot.noise;
      size = tall * dice.in(1.8f, 4);
      offset = dice.in(-1000, 1000);
      foothills = dice.scale(8, 120);
      rock =
          Color.vary(Color.mix(Color.of(0x77716c), Color.of(0x8a6f58), dice.in(0, 1)), .2f, dice);
      meadow =
          Color.vary(Color.mix(Color.of(0x5d6f3a), Color.of(0x8a7f4e), dice.in(0, 1)), .2f, dice);
    }

    @Override
    public float height(float x, float z) {
      float h = foothills * noise.fbm(x * .0025f + offset, z * .0025f, 4);
      float rise = Color.step(from * .4f, from * 1.5f, z);
      if (rise > 0) {
        float u = x / size + offset;
        float v = z / size;
        h +=
            rise * tall * (1.25f * noise.ridged(u, v, 5) - .2f + .25f * noise.at(u * .5f, v * .5f));
      }
      return h;
    }

    @Override
    public void albedo(float x, float z, float height, float slope, float[] color) {
      float n = noise.fbm(x * .02f, z * .02f, 3);
      float strata = noise.fbm(x * .002f, height * .02f, 3);
      float green =
          Color.step(.5f, .8f, slope + .2f * n) * Color.step(tall * .6f, tall * .15f, height);
      float white = Color.step(snowLine * .85f, snowLine * 1.1f, height + tall * .12f * n);
      white *= Color.step(.35f, .6f, slope + .15f * n);
      for (int c = 0; c < 3; c++) {
        float ground = rock[c] * (1 + .35f * strata + .2f * n);
        ground += green * (meadow[c] * (1 + .4f * n) - ground);
        color[c] = ground + white * (snow[c] - ground);
      }
    }
  }
}
