package engine.data.demo;

/** Ice: a tongue with crevasses between dark walls, or its front over a lagoon. */
final class GlacierScene {
  private GlacierScene() {}

  static void paint(Shot shot) {
    if (shot.dice.chance(.65f)) {
      tongue(shot);
    } else {
      front(shot);
    }
  }

  private static void tongue(Shot shot) {
    Dice dice = shot.dice;
    shot.stand(dice.in(.2f, .5f), dice.in(.7f, 1.4f), dice.scale(6, 120));
    shot.paintSky();
    Ice ice = new Ice(shot, dice.scale(250, 1500), false);
    shot.camera = shot.camera.above(ice.height(0, 1));
    Terrain.paint(shot, ice, 2, 15000, .02f);
  }

  private static void front(Shot shot) {
    Dice dice = shot.dice;
    shot.stand(dice.in(.3f, .55f), dice.in(.8f, 1.6f), dice.scale(3, 40));
    shot.paintSky();
    Terrain.paint(shot, new Ice(shot, dice.scale(400, 1500), true), 5, 12000, .02f);
    float[] body = Color.vary(Color.of(0x35586a), .25f, dice);
    Water.paint(shot, new Water.Look(body, dice.in(1, 6), dice.scale(1, 8)));
    float[] floe = Color.of(.75f, .87f, .95f);
    for (int i = 0, n = dice.between(0, 25); i < n; i++) {
      float z = 250 / (1 + 8f * i / n);
      float x = shot.camera.worldX(dice.in(0, shot.camera.width()), z);
      Rocks.boulder(shot, x, 0, z, dice.scale(.8f, 7), floe);
    }
  }

  private static final class Ice implements Terrain.Ground {
    private final Noise noise;
    private final float half;
    private final boolean calves;
    private final float cliffAt;
    private final float cliff;
    private final float crack;
    private final float bend;
    private final float walls;
    private final float dirt;
    private final float snowLine;
    private final float[] white = Color.of(.86f, .91f, .95f);
    private final float[] blue;
    private final float[] rock;

    Ice(Shot shot, float half, boolean calves) {
      Dice dice = shot.dice;
      this.noise = shot.noise;
      this.half = half;
      this.calves = calves;
      cliffAt = dice.scale(120, 500);
      cliff = dice.scale(20, 60);
      crack = dice.scale(6, 40);
      bend = dice.in(-.6f, .6f);
      walls = dice.scale(200, 1100);
      dirt = dice.chance(.4f) ? dice.in(.2f, .7f) : 0;
      snowLine = walls * dice.in(.05f, .9f);
      blue = Color.vary(Color.of(0x6fb0d2), .15f, dice);
      rock = Color.vary(Color.of(0x5d5750), .25f, dice);
    }

    /** Distance from the middle of the tongue in half widths. */
    private float aside(float x, float z) {
      return (x - bend * z * .6f - half * .5f * noise.at(z / (half * 3), 5)) / half;
    }

    @Override
    public float height(float x, float z) {
      float edge = 0;
      if (calves) {
        edge = cliffAt * (1 + .25f * noise.fbm(x * .01f, 3, 3)) + 3 * noise.at(x * .3f, 8);
        if (z < edge) {
          return -5;
        }
      }
      float a = Math.abs(aside(x, z));
      float steep = Color.step(.8f, 2.6f, a + .25f * noise.fbm(x * .002f, z * .002f, 3));
      float h = 0;
      if (steep > 0) {
        h = steep * walls * (.35f + 1.1f * noise.ridged(x / (walls * 2), z / (walls * 2), 5));
      }
      h += .035f * z * Color.step(0, 3000, z) + 4 * noise.fbm(x * .01f, z * .01f, 2);
      if (steep < .5f && z < 2500) {
        // Crevasses run across the flow.
        float gap = 1 - Math.abs(noise.at(x / (crack * 2.5f), z / crack));
        float rough = noise.fbm(x / crack * 1.7f, z / crack * 1.7f, 3);
        h += (1 - 2 * steep) * crack * (.14f * rough - .3f * gap * gap * gap * gap);
      }
      if (calves) {
        float tower = 1 + .35f * noise.at(x * .12f, z * .02f);
        h += cliff * tower * Color.step(edge, edge * 1.03f, z) + cliff * .1f;
      }
      return h;
    }

    @Override
    public void albedo(float x, float z, float height, float slope, float[] color) {
      float a = aside(x, z);
      float n = noise.fbm(x * .03f, z * .03f, 3);
      float wall = Color.step(.85f, 1.1f, Math.abs(a) + .12f * n);
      float deep = Color.step(.95f, .45f, slope + .1f * n);
      float line = noise.at(a * 7, z * .0006f) + .4f * n;
      float moraine = dirt * Color.step(.25f, .5f, line);
      float snow =
          Color.step(.45f, .7f, slope + .2f * n) * Color.step(snowLine * .6f, snowLine, height);
      for (int c = 0; c < 3; c++) {
        float ice = white[c] + deep * (blue[c] - white[c]) * .9f;
        ice = (ice + moraine * (rock[c] * .9f - ice)) * (1 + .07f * n);
        float stone = rock[c] * (1 + .4f * n);
        stone += snow * (white[c] - stone);
        color[c] = ice + wall * (stone - ice);
      }
    }
  }
}
