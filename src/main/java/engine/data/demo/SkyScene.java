package engine.data.demo;

/** Looking up: clouds of all kinds, and at most a sliver of land. */
final class SkyScene {
  private SkyScene() {}

  static void paint(Shot shot) {
    Dice dice = shot.dice;
    boolean land = dice.chance(.3f);
    shot.stand(
        land ? dice.in(.92f, .98f) : dice.in(1.05f, 1.7f), dice.in(.6f, 1.5f), dice.in(2, 30));
    float cover = dice.chance(.08f) ? 0 : dice.in(.15f, .85f);
    Sky.paint(shot, Math.max(cover, shot.light.overcast() * .8f), dice.in(0, 1));
    if (land) {
      float[] ground = Color.vary(Color.of(0x4d5a3c), .4f, dice);
      float tall = dice.scale(1, 80);
      Terrain.Ground hills =
          new Terrain.Ground() {
            @Override
            public float height(float x, float z) {
              return tall * shot.noise.fbm(x * .003f, z * .003f, 4) * Color.step(50, 900, z);
            }

            @Override
            public void albedo(float x, float z, float h, float slope, float[] color) {
              System.arraycopy(ground, 0, color, 0, 3);
            }
          };
      Terrain.paint(shot, hills, 5, 6000, .03f);
    }
    if (dice.chance(.15f)) {
      birds(shot, dice.between(1, 12));
    }
  }

  private static void birds(Shot shot, int count) {
    float[] dark = Color.of(.03f, .03f, .04f);
    float cx = shot.dice.in(.2f, .8f) * shot.camera.width();
    float cy = shot.dice.in(.2f, .7f) * shot.camera.height();
    for (int i = 0; i < count; i++) {
      float x = cx + shot.dice.bell() * 30;
      float y = cy + shot.dice.bell() * 15;
      float span = shot.dice.in(2, 7);
      float flap = shot.dice.in(-.2f, .8f);
      for (float t = -1; t <= 1; t += .1f) {
        float wing = Math.abs(t);
        shot.canvas.over(
            (int) (x + t * span), (int) (y - flap * span * wing * (1.4f - wing)), dark, .7f, 1);
      }
    }
  }
}
