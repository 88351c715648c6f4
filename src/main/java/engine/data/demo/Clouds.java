package engine.data.demo;

/**
 * A layer of clouds.
 *
 * @param drift where it is, sideways
 * @param grain how small its clouds are
 * @param flatness how much lower than broad heaps are
 * @param cover share of sky under clouds, 0 to 1
 * @param puffy from 0, veils, to 1, heaps
 * @param lit colour towards the sun, {@code dark} away from it
 */
record Clouds(
    float drift, float grain, float flatness, float cover, float puffy, float[] lit, float[] dark) {

  /** Puts what is seen in a direction over the colour of the sky there. */
  void over(Shot shot, float side, float up, float[] color) {
    if (cover <= 0) {
      return;
    }
    // Veils are a ceiling seen in perspective, heaps stand upright.
    boolean heaps = puffy > .5f;
    float scale = heaps ? 2 : 1 / (up + .12f);
    float u = (side * scale + drift) * grain * 1.2f;
    float v = (heaps ? up * (2 + 3 * flatness) : scale) * grain * 1.2f;
    float n = shot.noise.fbm(u, v, 5);
    float threshold = .55f - 1.1f * cover;
    float soft = .5f - .36f * puffy;
    float density = Color.step(threshold, threshold + soft, n);
    if (density <= 0) {
      return;
    }
    // Lit from the sun's side: compare with the density a little towards it.
    float towards = shot.noise.fbm(u + .25f * Math.signum(shot.light.sunX()), v + .35f, 3);
    float shade = Math.clamp(.6f + 1.3f * (n - towards) - .5f * (n - threshold), 0f, 1f);
    float fade = Color.step(0, .06f, up);
    float alpha = density * (.55f + .45f * fade) * (.75f + .25f * puffy);
    for (int c = 0; c < 3; c++) {
      float cloud = dark[c] + shade * (lit[c] - dark[c]);
      color[c] += alpha * (cloud - color[c]);
    }
  }
}
