package engine.data.demo;

/** Sand meeting the sea: breakers, foam, wet sand, an open horizon. */
final class BeachScene {
  private BeachScene() {}

  static void paint(Shot shot) {
    Dice dice = shot.dice;
    shot.stand(dice.in(.25f, .5f), dice.in(.7f, 1.4f), dice.scale(2, 18));
    shot.paintSky();
    Coast coast = new Coast(shot);
    Terrain.paint(shot, coast, 1, 6000, .022f);
    float[] body =
        Color.vary(Color.mix(Color.of(0x1d5f86), Color.of(0x2a93a0), dice.in(0, 1)), .25f, dice);
    Water.paint(shot, new Water.Look(body, dice.in(4, 14), dice.scale(2, 10)));
    surf(shot, coast);
    if (dice.chance(.35f)) {
      parasols(shot, coast, dice.between(1, 9));
    }
  }

  /** Foam where the water is shallow, in lines that follow the shore. */
  private static void surf(Shot shot, Coast coast) {
    Camera camera = shot.camera;
    float lines = shot.dice.in(.5f, 1.4f);
    float rough = shot.dice.in(.3f, 1);
    float[] foam =
        Color.times(Color.mix(shot.light.horizon(), Color.of(1.2f, 1.2f, 1.2f), .5f), .9f);
    float bright = .25f + shot.light.sun()[1] * .45f + shot.light.ambient()[1] * .6f;
    for (int c = 0; c < 3; c++) {
      foam[c] *= bright;
    }
    float[] turquoise = Color.times(Color.of(.25f, .6f, .55f), bright);
    for (int y = Math.max(0, (int) camera.horizon() + 2); y < camera.height(); y++) {
      float z = camera.planeZ(0, y);
      for (int x = 0; x < camera.width(); x += 2) {
        float wx = camera.worldX(x, z);
        float out = -coast.height(wx, z) / coast.slope;
        if (out < -1.5f || z > 1500) {
          continue;
        }
        float n = shot.noise.fbm(wx * .15f, z * .15f, 3);
        float wave = shot.noise.at(out * .11f * lines + .8f * n, wx * .01f + 50);
        float crest = Color.step(.42f, .55f, wave + .12f * n) * Color.step(90, 20, out) * rough;
        float edge = Color.step(5 + 3 * n, 1.5f, out) * (.6f + .5f * n);
        float lace = .7f + .5f * shot.noise.at(wx * 1.1f, z * 1.1f);
        for (int i = 0; i < 2; i++) {
          shot.canvas.over(x + i, y, turquoise, .4f * Color.step(30, 3, out), z);
          shot.canvas.over(x + i, y, foam, Math.max(crest, edge) * lace, z);
        }
      }
    }
  }

  private static void parasols(Shot shot, Coast coast, int count) {
    int[] colors = {0xd04030, 0xe8c040, 0x3070b0, 0xe8e8e8, 0x40a060};
    for (int i = 0; i < count; i++) {
      float z = 60 / (1 + 4f * i / count);
      float x = shot.camera.worldX(shot.dice.in(0, shot.camera.width()), z);
      float h = coast.height(x, z);
      if (h > .3f) {
        float[] cloth = Color.of(colors[shot.dice.below(colors.length)]);
        float px = 2.2f * shot.camera.focal() / z;
        float cx = shot.camera.screenX(x, z);
        float foot = shot.camera.screenY(h, z);
        Plants.trunk(shot, cx, foot - px, foot, px * .02f, z, Color.of(0xb0a090));
        Rocks.boulder(shot, x, h + 1.7f, z, 2.4f, cloth);
      }
    }
  }

  private static final class Coast implements Terrain.Ground {
    final float slope;
    private final Noise noise;
    private final float alongX;
    private final float alongZ;
    private final float shore;
    private final float cape;
    private final float[] sand;
    private final float[] green;

    Coast(Shot shot) {
      Dice dice = shot.dice;
      noise = shot.noise;
      slope = dice.in(.04f, .1f);
      double turn = dice.chance(.5f) ? dice.in(-.3f, .3f) : dice.in(-1.2f, 1.2f);
      alongX = (float) StrictMath.sin(turn);
      alongZ = (float) StrictMath.cos(turn);
      shore = shot.camera.eye() * dice.in(1.8f, 6);
      cape = dice.chance(.4f) ? dice.scale(30, 250) : 0;
      sand =
          Color.vary(Color.mix(Color.of(0xe0cda6), Color.of(0xb79b74), dice.in(0, 1)), .1f, dice);
      green = Color.vary(Color.of(0x55683c), .2f, dice);
    }

    @Override
    public float height(float x, float z) {
      float out = x * alongX + z * alongZ - shore;
      float h = -slope * (out + .12f * shore * noise.fbm(x * .03f, z * .03f, 2));
      h = Math.max(-6, Math.min(h, 3 + .05f * h));
      if (z < 30 && h > 0) {
        h += .1f * noise.fbm(x * 1.3f, z * 1.3f, 2);
      }
      if (cape > 0 && z > 500) {
        float land = noise.at(x / 900 + 3, z / 1500) - .1f + x / 6000 * Math.signum(alongX + .01f);
        if (land > 0) {
          float rise = cape * Color.step(0, .6f, land);
          h = Math.max(h, rise * (.5f + noise.ridged(x / 300, z / 300, 4)) - 3);
        }
      }
      return h;
    }

    @Override
    public void albedo(float x, float z, float height, float slopeUp, float[] color) {
      float n = noise.fbm(x * .2f, z * .2f, 3);
      float fine = z < 40 ? noise.fbm(x * 4, z * 4, 3) * Math.min(1, 10 / z) : 0;
      float wet = Color.step(.35f, .05f, height + .1f * n);
      float grown = z > 300 ? Color.step(4, 9, height) : 0;
      for (int c = 0; c < 3; c++) {
        float s = sand[c] * (1 + .1f * n + .25f * fine) * (1 - .5f * wet);
        color[c] = s + grown * (green[c] * (1 + .5f * n) - s);
      }
    }
  }
}
