package engine.data.demo;

/** Still or ruffled fresh water with a wooded or hilly far shore in it. */
final class LakeScene {
  private LakeScene() {}

  static void paint(Shot shot) {
    Dice dice = shot.dice;
    shot.stand(dice.in(.3f, .6f), dice.in(.7f, 1.5f), dice.scale(1.7f, 25));
    shot.paintSky();
    Shore shore = new Shore(shot);
    Terrain.paint(shot, shore, 2, 9000, .02f);
    if (dice.chance(.7f)) {
      woods(shot, shore, dice.between(80, 260));
    }
    float[] body =
        Color.vary(Color.mix(Color.of(0x1f4450), Color.of(0x2f5f8a), dice.in(0, 1)), .3f, dice);
    float ripple = dice.chance(.5f) ? dice.in(0, 2) : dice.in(3, 14);
    Water.paint(shot, new Water.Look(body, ripple, dice.scale(.5f, 6)));
    if (dice.chance(.4f)) {
      reeds(shot);
    }
  }

  private static void woods(Shot shot, Shore shore, int count) {
    boolean firs = shot.dice.chance(.6f);
    float[] leaf =
        Color.vary(
            firs
                ? Color.of(0x3a4d30)
                : Color.mix(Color.of(0x5a6f34), Color.of(0xb08030), shot.dice.in(0, .8f)),
            .2f,
            shot.dice);
    for (int i = 0; i < count; i++) {
      float z = shore.farShore * (1.8f - .9f * i / count);
      float x = shot.camera.worldX(shot.dice.in(-20, shot.camera.width() + 20), z);
      float h = shore.height(x, z);
      if (h < .3f) {
        continue;
      }
      float tall = shot.dice.in(8, 22);
      if (firs) {
        Plants.conifer(shot, x, h, z, tall, leaf);
      } else {
        Plants.leafy(shot, x, h, z, tall, leaf, false);
      }
    }
  }

  private static void reeds(Shot shot) {
    float[] reed = Color.vary(Color.of(0x6f7a3c), .2f, shot.dice);
    float tall = shot.dice.scale(20, 80);
    Plants.blades(shot, shot.dice.between(40, 250), tall, shot.camera.height() * .93f, reed);
  }

  private static final class Shore implements Terrain.Ground {
    final float farShore;
    private final Noise noise;
    private final float hills;
    private final float size;
    private final float tilt;
    private final float near;
    private final float[] grass;
    private final float[] rock;

    Shore(Shot shot) {
      Dice dice = shot.dice;
      noise = shot.noise;
      farShore = dice.scale(120, 1800);
      hills = dice.scale(15, 600);
      size = hills * dice.in(2, 4) + 150;
      tilt = dice.in(-.5f, .5f);
      near = dice.chance(.35f) ? dice.in(5, 16) : 0;
      grass =
          Color.vary(Color.mix(Color.of(0x5c7036), Color.of(0x8a7d4c), dice.in(0, 1)), .2f, dice);
      rock = Color.vary(Color.of(0x77706a), .2f, dice);
    }

    @Override
    public float height(float x, float z) {
      float n = noise.fbm(x / farShore * 2, z / farShore * 2, 4);
      float beyond = z - farShore - tilt * x + farShore * .25f * n;
      float h = Math.clamp(beyond * .06f, -4f, 6f);
      if (beyond > 0) {
        float rise = Color.step(0, farShore + 2 * size, beyond);
        h += rise * hills * (1.5f * noise.ridged(x / size, z / size, 5) + .2f);
      }
      return near > 0 && z < near * 2 ? Math.max(h, (near - z) * .1f + .3f * n) : h;
    }

    @Override
    public void albedo(float x, float z, float height, float slope, float[] color) {
      float n = noise.fbm(x * .05f, z * .05f, 3);
      float fine = z < 60 ? noise.fbm(x * 3, z * 3, 3) : 0;
      float stony = Math.max(Color.step(.85f, .6f, slope + .1f * n), Color.step(1.2f, .1f, height));
      for (int c = 0; c < 3; c++) {
        float g = grass[c] * (1 + .4f * n + .5f * fine);
        color[c] = g + stony * (rock[c] * (1 + .3f * n + .6f * fine) - g);
      }
    }
  }
}
