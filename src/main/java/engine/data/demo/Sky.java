package engine.data.demo;

/** The sky behind everything: a gradient, the sun's glow and one or two layers of clouds. */
final class Sky {
  private Sky() {}

  /**
   * Fills the canvas.
   *
   * @param cover share of sky under clouds, 0 to 1
   * @param puffy from 0, veils, to 1, heaps
   */
  static void paint(Shot shot, float cover, float puffy) {
    Canvas canvas = shot.canvas;
    Camera camera = shot.camera;
    Light light = shot.light;
    float[] color = new float[3];
    float drift = shot.dice.in(-50, 50);
    float grain = shot.dice.scale(.5f, 1.6f);
    float flatness = shot.dice.in(.35f, .8f);
    float[] lit =
        Color.mix(light.horizon(), Color.of(1.15f, 1.12f, 1.08f), .6f - .3f * light.overcast());
    lit = Color.times(lit, Math.max(.35f, luminance(light)));
    float[] dark = Color.mix(light.ambient(), light.horizon(), .3f);
    Clouds clouds = new Clouds(drift, grain, flatness, cover, puffy, lit, dark);
    int last = Math.min(canvas.height, (int) camera.horizon() + 2);
    // Clouds have no edges: one colour for each of the film's pixels.
    for (int y = 0; y < canvas.height; y += 2) {
      float up = Math.max(0, (camera.horizon() - y) / camera.focal());
      for (int x = 0; x < canvas.width; x += 2) {
        float side = (x - canvas.width / 2f) / camera.focal();
        gradient(light, side, up, color);
        if (y < last) {
          clouds.over(shot, side, up, color);
        }
        for (int i = 0; i < 4; i++) {
          canvas.set(x + i % 2, y + i / 2, color, Canvas.INFINITY);
        }
      }
    }
  }

  private static float luminance(Light light) {
    return .3f + .6f * light.sun()[1] + .5f * light.ambient()[1];
  }

  private static void gradient(Light light, float side, float up, float[] color) {
    float t = up / (up + .28f);
    for (int c = 0; c < 3; c++) {
      color[c] = light.horizon()[c] + t * 1.3f * (light.zenith()[c] - light.horizon()[c]);
      color[c] = Math.max(color[c], light.zenith()[c] * .6f);
    }
    float toSun =
        (side * light.sunX() + up * light.sunY() + light.sunZ())
            / (float) Math.sqrt(side * side + up * up + 1);
    if (toSun > 0) {
      float clear = 1 - light.overcast();
      float glow = toSun * toSun;
      glow *= glow;
      float wide = .35f * glow * glow * clear;
      float tight = glow * glow;
      tight *= tight;
      tight *= tight;
      tight *= tight;
      float disc = Color.step(.9985f, .9993f, toSun) * 6 * clear;
      for (int c = 0; c < 3; c++) {
        color[c] += light.sun()[c] * (wide + .9f * tight * clear + disc);
      }
    }
  }
}
