package engine.data.demo;

/** What the painters of one picture share. */
final class Shot {
  final Canvas canvas;
  final Dice dice;
  final Noise noise;
  Light light;
  Camera camera;

  Shot(Canvas canvas, Dice dice) {
    this.canvas = canvas;
    this.dice = dice;
    this.noise = new Noise(dice.seed());
    this.light = Light.draw(dice);
  }

  /**
   * Sets the camera up; shares are of the picture's height and width, the eye's height is in
   * metres.
   */
  void stand(float horizonShare, float focalShare, float eye) {
    camera = Camera.of(canvas, horizonShare, focalShare, eye);
  }

  /** A usual sky for this light. */
  void paintSky() {
    float cover =
        light.overcast() > .6f ? dice.in(.6f, 1) : dice.chance(.3f) ? 0 : dice.in(.1f, .6f);
    Sky.paint(this, cover, dice.in(0, 1));
  }
}
