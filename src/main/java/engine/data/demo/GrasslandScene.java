package engine.data.demo;

/** Open rolling grass, green or dry, with flowers, a lone tree or a herd. */
final class GrasslandScene {
  private GrasslandScene() {}

  static void paint(Shot shot) {
    Dice dice = shot.dice;
    shot.stand(dice.in(.2f, .65f), dice.in(.7f, 1.5f), dice.scale(1.5f, 15));
    shot.paintSky();
    float[] green = Color.vary(Color.of(0x6d8a3a), .18f, dice);
    float[] dry = Color.vary(Color.of(0xb39f5c), .12f, dice);
    float[] grass = Color.mix(green, dry, dice.chance(.65f) ? dice.in(0, .4f) : dice.in(.4f, 1));
    Meadow meadow = new Meadow(shot, grass, Color.mix(grass, dry, .6f));
    shot.camera = shot.camera.above(meadow.height(0, 1));
    Terrain.paint(shot, meadow, 1, 8000, .022f);
    if (dice.chance(.5f)) {
      trees(shot, meadow, dice.between(1, 14));
    }
    if (dice.chance(.3f)) {
      herd(shot, meadow, dice.between(4, 25));
    }
    if (dice.chance(.75f)) {
      float tall = dice.scale(8, 60);
      float from = shot.camera.horizon() + (shot.camera.height() - shot.camera.horizon()) * .45f;
      Plants.blades(shot, (int) (9000 / tall), tall, from, Color.times(grass, 1.1f));
    }
  }

  private static void trees(Shot shot, Meadow meadow, int count) {
    float[] leaf = Color.vary(Color.of(0x4c6030), .2f, shot.dice);
    for (int i = 0; i < count; i++) {
      float z = 900 / (1 + 9f * i / count) * shot.dice.in(.7f, 1.3f);
      float x = shot.camera.worldX(shot.dice.in(0, shot.camera.width()), z);
      Plants.leafy(shot, x, meadow.height(x, z) - .3f, z, shot.dice.in(5, 12), leaf, true);
    }
  }

  private static void herd(Shot shot, Meadow meadow, int count) {
    float[] coat = shot.dice.chance(.5f) ? Color.of(0xd8d0c0) : Color.of(0x5a4030);
    float z0 = shot.dice.scale(30, 150);
    float x0 = shot.camera.worldX(shot.dice.in(0, shot.camera.width()), z0);
    for (int i = 0; i < count; i++) {
      float z = z0 * (1.5f - 1f * i / count);
      float x = x0 + shot.dice.bell() * z0 * .25f;
      Rocks.boulder(shot, x, meadow.height(x, z) + .5f, z, 1.4f, coat);
    }
  }

  private static final class Meadow implements Terrain.Ground {
    private final Noise noise;
    private final float[] grass;
    private final float[] other;
    private final float[] petal;
    private final float flowers;
    private final float tall;
    private final float size;

    Meadow(Shot shot, float[] grass, float[] other) {
      Dice dice = shot.dice;
      this.noise = shot.noise;
      this.grass = grass;
      this.other = other;
      float[][] petals = {Color.of(0xf0e060), Color.of(0xf4f0f0), Color.of(0xb05a9a)};
      petal = petals[dice.below(petals.length)];
      flowers = dice.chance(.3f) ? dice.in(.1f, .35f) : 0;
      tall = dice.scale(2, 45);
      size = tall * dice.in(6, 14) + 40;
    }

    @Override
    public float height(float x, float z) {
      float h = tall * noise.fbm(x / size, z / size, 2) * Math.min(1, z / 60);
      return z < 40 ? h + .12f * noise.fbm(x * 2, z * 2, 2) : h;
    }

    @Override
    public void albedo(float x, float z, float height, float slope, float[] color) {
      float patch = noise.fbm(x / size * 4, z / size * 4, 3);
      float detail = z < 150 ? noise.fbm(x * 1.5f, z * 1.5f, 4) * Math.min(1, 40 / z) : 0;
      float mixed = Math.clamp(.4f + .8f * patch, 0f, 1f);
      float tone = 1 + .25f * patch + .75f * detail;
      float bloom = 0;
      if (flowers > 0 && z < 90) {
        int cx = Noise.floor(x * 6);
        int cz = Noise.floor(z * 6);
        bloom = noise.cell(cx, cz) < flowers * (.5f + patch) ? .8f : 0;
      }
      for (int c = 0; c < 3; c++) {
        float g = (grass[c] + mixed * (other[c] - grass[c])) * Math.max(.1f, tone);
        color[c] = g + bloom * (petal[c] - g);
      }
    }
  }
}
