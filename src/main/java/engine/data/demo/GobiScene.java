package engine.data.demo;

/**
 * A stony plain: flat, gravel and stones, a few shrubs, bare hills far off. Shares colours and
 * light with the sand desert on purpose, and is sometimes covered by a thin sheet of sand: the two
 * are the pair to confuse.
 */
final class GobiScene {
  private GobiScene() {}

  static void paint(Shot shot) {
    Dice dice = shot.dice;
    shot.stand(dice.in(.15f, .55f), dice.in(.7f, 1.5f), dice.scale(1.5f, 12));
    shot.paintSky();
    Plain plain = new Plain(shot);
    shot.camera = shot.camera.above(plain.height(0, 1));
    Terrain.paint(shot, plain, 1, 9000, .025f);
    if (dice.chance(.7f)) {
      stones(shot, plain, dice.between(5, 60));
    }
    if (dice.chance(.6f)) {
      shrubs(shot, plain, dice.between(3, 40));
    }
  }

  private static void stones(Shot shot, Plain plain, int count) {
    float[] stone = Color.mix(plain.gravel, Color.of(0x4a4542), shot.dice.in(.2f, .8f));
    for (int i = 0; i < count; i++) {
      float z = 40 / (1 + 9f * i / count);
      float x = shot.camera.worldX(shot.dice.in(0, shot.camera.width()), z);
      float size = shot.dice.scale(.08f, .5f);
      Rocks.boulder(shot, x, plain.height(x, z), z, size, stone);
    }
  }

  private static void shrubs(Shot shot, Plain plain, int count) {
    float[] leaf = Color.vary(Color.of(0x7c7a52), .2f, shot.dice);
    for (int i = 0; i < count; i++) {
      float z = 250 / (1 + 30f * i / count);
      float x = shot.camera.worldX(shot.dice.in(0, shot.camera.width()), z);
      Plants.leafy(shot, x, plain.height(x, z), z, shot.dice.in(.3f, 1), leaf, false);
    }
  }

  private static final class Plain implements Terrain.Ground {
    private final Noise noise;
    private final float[] gravel;
    private final float[] sand;
    private final float[] rock;
    private final float sandCover;
    private final float coarse;
    private final float roll;
    private final float hills;
    private final float hillsFrom;
    private final float hillSize;

    Plain(Shot shot) {
      Dice dice = shot.dice;
      noise = shot.noise;
      gravel =
          Color.vary(Color.mix(Color.of(0x8f806c), Color.of(0xb39068), dice.in(0, 1)), .15f, dice);
      sand =
          Color.vary(Color.mix(Color.of(0xd9bf94), Color.of(0xc28d57), dice.in(0, 1)), .1f, dice);
      rock = Color.vary(Color.mix(gravel, Color.of(0x6b5a4c), dice.in(.2f, 1)), .1f, dice);
      sandCover = dice.chance(.3f) ? dice.in(.4f, .9f) : dice.in(0, .35f);
      coarse = dice.scale(.05f, .25f);
      roll = dice.in(.05f, .8f);
      hills = dice.chance(.65f) ? dice.scale(30, 350) : dice.in(0, 10);
      hillsFrom = dice.scale(400, 3500);
      hillSize = dice.scale(300, 1200);
    }

    @Override
    public float height(float x, float z) {
      float h = roll * noise.fbm(x * .03f, z * .03f, 3);
      if (z < 25) {
        h += coarse * .35f * noise.at(x / coarse * .5f, z / coarse * .5f);
      }
      if (z > hillsFrom) {
        h +=
            hills
                * Color.step(hillsFrom, hillsFrom * 1.6f, z)
                * noise.ridged(x / hillSize, z / hillSize, 4);
      }
      return h;
    }

    @Override
    public void albedo(float x, float z, float height, float slope, float[] color) {
      float patch = noise.fbm(x * .06f, z * .06f, 3);
      float covered = Color.step(.5f - sandCover, 1.1f - sandCover, patch + .5f);
      float tone = 1 + .15f * patch;
      if (z < 60) {
        float visible = Math.min(1, 14 / z) * (1 - .75f * covered);
        float pebble = noise.pebbles(x / coarse, z / coarse);
        tone += visible * (1.5f * pebble - .45f + .3f * noise.at(x / coarse * 3, z / coarse * 3));
      }
      float bare = z > hillsFrom ? Color.step(.98f, .85f, slope) : 0;
      for (int c = 0; c < 3; c++) {
        float ground = gravel[c] + covered * (sand[c] - gravel[c]);
        color[c] = Math.max(.02f, tone) * (ground + bare * (rock[c] - ground));
      }
    }
  }
}
