package engine.data.demo;

/** Sand dunes: smooth, with sharp crests across the wind, ripples close by. */
final class DesertScene {
  private DesertScene() {}

  static void paint(Shot shot) {
    Dice dice = shot.dice;
    float tall = dice.scale(3, 50);
    shot.stand(dice.in(.15f, .65f), dice.in(.7f, 1.6f), dice.in(1.7f, 2 + .9f * tall));
    shot.paintSky();
    float[] pale = Color.vary(Color.of(0xe2c699), .1f, dice);
    float[] red = Color.vary(Color.of(0xc98a4e), .12f, dice);
    float[] sand = Color.mix(pale, red, dice.in(0, 1));
    Dunes dunes = new Dunes(shot, sand, tall, tall * dice.in(5, 10));
    shot.camera = shot.camera.above(dunes.height(0, 1));
    Terrain.paint(shot, dunes, 1, 6000, .018f);
    if (dice.chance(.15f)) {
      dryTufts(shot, dunes, dice.between(2, 8));
    }
  }

  private static void dryTufts(Shot shot, Terrain.Ground ground, int count) {
    float[] straw = Color.of(0x8c7f4f);
    for (int i = 0; i < count; i++) {
      float z = shot.dice.scale(8, 80);
      float x = shot.camera.worldX(shot.dice.in(0, shot.camera.width()), z);
      Plants.leafy(shot, x, ground.height(x, z), z, shot.dice.in(.4f, .9f), straw, false);
    }
  }

  /** A sea of sand with waves {@code tall} metres high and {@code length} metres long. */
  static final class Dunes implements Terrain.Ground {
    private final Noise noise;
    private final float[] sand;
    private final float tall;
    private final float length;
    private final float turnX;
    private final float turnZ;
    private final float stretch;
    private final float rippleLength;

    Dunes(Shot shot, float[] sand, float tall, float length) {
      this.noise = shot.noise;
      this.sand = sand;
      this.tall = tall;
      this.length = length;
      double wind = shot.dice.in(-1.2f, 1.2f);
      this.turnX = (float) StrictMath.cos(wind);
      this.turnZ = (float) StrictMath.sin(wind);
      this.stretch = shot.dice.in(.3f, .7f);
      this.rippleLength = shot.dice.in(.12f, .3f);
    }

    @Override
    public float height(float x, float z) {
      float u = (x * turnX + z * turnZ) / length;
      float v = (z * turnX - x * turnZ) / length * stretch;
      float bend = noise.at(u * .4f + 40, v * .7f);
      float swell = .6f + .7f * noise.at(u * .45f + 9, v * .8f);
      float small = wave(2.6f * u + 1.5f * bend + noise.at(u * 1.3f, v * 1.9f));
      return tall * (Math.max(.05f, swell) * wave(u + 1.2f * bend) + .12f * small);
    }

    /** One dune a unit: up gently before the wind, down at the angle of repose behind the crest. */
    private static float wave(float phase) {
      float t = phase - Noise.floor(phase);
      if (t < .7f) {
        float rise = t / .7f;
        return rise * rise * (1.8f - .8f * rise);
      }
      float fall = (1 - t) / .3f;
      return fall * (.5f + .5f * fall);
    }

    @Override
    public void albedo(float x, float z, float height, float slope, float[] color) {
      float patch = .07f * noise.at(x / length * 3, z / length * 3);
      float ripple = 0;
      if (z < 60) {
        float u = (x * turnX + z * turnZ) / rippleLength;
        float v = (z * turnX - x * turnZ) / rippleLength * .15f;
        ripple = .16f * noise.at(u * .8f, v) * Math.min(1, 12 / z);
      }
      for (int c = 0; c < 3; c++) {
        color[c] = sand[c] * (1 + patch + ripple);
      }
    }
  }
}
