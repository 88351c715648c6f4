package engine.data.demo;

/**
 * Time of day and weather.
 *
 * @param toSun where the sun stands
 * @param sun colour of direct light
 * @param ambient colour of the sky's light in shadow
 * @param haze share of light lost a metre
 * @param overcast from 0, a clear sky, to 1
 */
record Light(
    Direction toSun,
    float[] sun,
    float[] ambient,
    float[] zenith,
    float[] horizon,
    float haze,
    float overcast) {

  /** A unit vector: right, up, ahead. */
  record Direction(float x, float y, float z) {}

  float sunX() {
    return toSun.x;
  }

  float sunY() {
    return toSun.y;
  }

  float sunZ() {
    return toSun.z;
  }

  /** Mostly clear days, some low suns, some gray skies, a few dusks. */
  static Light draw(Dice dice) {
    float kind = dice.in(0, 1);
    if (kind < .48f) {
      return clear(dice);
    }
    return kind < .7f ? golden(dice) : kind < .9f ? gray(dice) : dusk(dice);
  }

  static Light clear(Dice dice) {
    return make(
        dice,
        dice.in(.4f, 1.2f),
        Color.of(1.15f, 1.06f, .92f),
        Color.of(.22f, .27f, .34f),
        Color.of(.09f, .23f, .58f),
        Color.of(.58f, .72f, .88f),
        0);
  }

  static Light golden(Dice dice) {
    return make(
        dice,
        dice.in(.06f, .3f),
        Color.of(1.25f, .75f, .4f),
        Color.of(.2f, .21f, .28f),
        Color.of(.12f, .21f, .43f),
        Color.of(.95f, .65f, .4f),
        dice.in(0, .3f));
  }

  static Light gray(Dice dice) {
    return make(
        dice,
        dice.in(.5f, 1.1f),
        Color.of(.2f, .2f, .2f),
        Color.of(.5f, .53f, .57f),
        Color.of(.42f, .46f, .52f),
        Color.of(.68f, .71f, .74f),
        dice.in(.7f, 1));
  }

  static Light dusk(Dice dice) {
    return make(
        dice,
        dice.in(.01f, .06f),
        Color.of(.35f, .18f, .14f),
        Color.of(.12f, .12f, .2f),
        Color.of(.05f, .07f, .2f),
        Color.of(.6f, .32f, .28f),
        dice.in(0, .4f));
  }

  private static Light make(
      Dice dice,
      float elevation,
      float[] sun,
      float[] ambient,
      float[] zenith,
      float[] horizon,
      float overcast) {
    double azimuth = dice.in(-3.14f, 3.14f);
    double flat = StrictMath.cos(elevation);
    return new Light(
        new Direction(
            (float) (StrictMath.sin(azimuth) * flat),
            (float) StrictMath.sin(elevation),
            (float) (StrictMath.cos(azimuth) * flat)),
        Color.vary(sun, .12f, dice),
        Color.vary(ambient, .15f, dice),
        Color.vary(zenith, .25f, dice),
        Color.vary(horizon, .15f, dice),
        1 / dice.scale(4000, 90000),
        overcast);
  }

  /**
   * This light where the air has colour {@code air} and {@code haze}, and only {@code share} of the
   * sun gets in.
   */
  Light within(float[] air, float haze, float share) {
    return new Light(toSun, Color.times(sun, share), ambient, zenith, air, haze, overcast);
  }

  /**
   * Light on a surface with unit normal (nx, ny, nz) and colour {@code albedo}, written over it.
   */
  void shade(float[] albedo, float nx, float ny, float nz, float shadow) {
    float direct = Math.max(0, nx * toSun.x + ny * toSun.y + nz * toSun.z) * shadow;
    float sky = .6f + .4f * ny;
    for (int c = 0; c < 3; c++) {
      albedo[c] *= direct * sun[c] + sky * ambient[c];
    }
  }

  /** What {@code color} looks like through {@code z} metres of air. */
  void fog(float[] color, float z) {
    // A rational stand-in for 1 - exp(-d): cheaper, and the same on every machine.
    float d = z * haze;
    Color.blend(color, horizon, 1 - 1 / (1 + d + .5f * d * d));
  }
}
