package engine.data.demo;

/** Walls with windows. */
final class Facade {
  private static final int[] WALLS = {0xb8a58c, 0x9a7360, 0xcfc6b4, 0x8b8d90, 0xa9987e, 0x75655a};

  private final Shot shot;
  private final float key;
  private final float lot;
  private final float storey;
  private final float[][] walls = new float[WALLS.length][];
  private final float night;

  Facade(Shot shot) {
    this.shot = shot;
    key = shot.dice.in(0, 1000);
    lot = shot.dice.in(12, 24);
    storey = shot.dice.in(3, 4);
    night = Color.step(.6f, .2f, shot.light.sun()[1] + shot.light.ambient()[1]);
    for (int i = 0; i < walls.length; i++) {
      walls[i] = Color.vary(Color.of(WALLS[i]), .15f, shot.dice);
    }
  }

  /**
   * The colour of a street front {@code z} metres along the street at {@code height}.
   *
   * @param side 1 right of the street, -1 left
   * @return false if the house there is lower
   */
  boolean front(float z, float height, int side, float tall, float[] color) {
    int house = Noise.floor((z + key) / lot);
    float own = shot.noise.cell(house, side);
    float roof = tall * (.55f + .6f * own);
    if (height > roof) {
      return false;
    }
    float[] wall = walls[(int) (shot.noise.cell(house, side + 7) * walls.length)];
    float along = (z + key) / lot - house;
    float bay = along * (4 + (int) (own * 3));
    float floor = height / storey;
    int b = Noise.floor(bay);
    int f = Noise.floor(floor);
    boolean window =
        Math.abs(bay - b - .5f) < .27f && Math.abs(floor - f - .5f) < .3f && roof - height > 1.2f;
    float n = shot.noise.fbm(z * .3f, height * .3f, 2);
    float lamp = window && shot.noise.cell(house * 31 + b, f * 2 + side) < night * .6f ? 1 : 0;
    for (int c = 0; c < 3; c++) {
      color[c] = window ? .06f + .08f * shot.noise.cell(b, f) : wall[c] * (1 + .15f * n);
      color[c] *= along < .02f || roof - height < .5f ? .6f : 1;
    }
    shot.light.shade(color, -side, 0, 0, 1);
    glow(color, lamp);
    shot.light.fog(color, z * 3);
    return true;
  }

  /** A tower seen from afar: a lit front, a shaded side, rows of windows. */
  static void tower(Shot shot, float x, float wide, float tall, float z, float[] base) {
    Camera camera = shot.camera;
    Dice dice = shot.dice;
    float[] wall = Color.vary(base, .2f, dice);
    float x0 = camera.screenX(x, z);
    float x1 = camera.screenX(x + wide, z);
    float top = camera.screenY(tall, z);
    float edge = x0 + (x1 - x0) * (x + wide / 2 < 0 ? dice.in(.6f, .9f) : dice.in(.1f, .4f));
    float storey = Math.max(1.5f, 3.6f * camera.focal() / z);
    float bay = Math.max(1.5f, dice.in(2.5f, 5) * camera.focal() / z);
    boolean bands = dice.chance(.35f);
    boolean glass = dice.chance(.3f);
    float night = Color.step(.6f, .2f, shot.light.sun()[1] + shot.light.ambient()[1]);
    int key = dice.below(1 << 20);
    float[] color = new float[3];
    boolean mast = tall > 80 && dice.chance(.3f);
    if (mast) {
      float mid = (x0 + x1) / 2;
      Plants.trunk(shot, mid, top - 25 * camera.focal() / z, top, .7f, z, Color.of(0x555555));
    }
    for (int row = Math.max(0, (int) top); row < camera.height(); row++) {
      int f = (int) ((row - top) / storey);
      boolean sill = (row - top) / storey - f < .4f;
      for (int col = Math.max(0, (int) x0); col < Math.min(camera.width(), x1); col++) {
        int b = (int) ((col - x0) / bay);
        boolean gap = !bands && (col - x0) / bay - b < .4f;
        boolean window = !sill && !gap && row - top > storey * .6f;
        boolean lamp = window && shot.noise.cell(key + b, f) < night * .55f;
        for (int c = 0; c < 3; c++) {
          float pane = glass ? .35f * shot.light.horizon()[c] + .05f : wall[c] * .35f;
          color[c] = window ? pane : wall[c];
        }
        boolean front = x + wide / 2 < 0 ? col < edge : col > edge;
        shot.light.shade(color, front ? 0 : x < 0 ? 1 : -1, .15f, front ? -1 : 0, 1);
        glow(color, lamp ? 1 : 0);
        shot.light.fog(color, z * 1.5f);
        shot.canvas.over(col, row, color, 1, z);
      }
    }
  }

  /** A plain block facing the camera. */
  static void box(Shot shot, float x, float y, float z, float wide, float tall, float[] paint) {
    Camera camera = shot.camera;
    float[] color = new float[3];
    float x0 = camera.screenX(x - wide / 2, z);
    float x1 = camera.screenX(x + wide / 2, z);
    float y0 = camera.screenY(y + tall, z);
    float y1 = camera.screenY(y, z);
    for (int row = Math.round(y0); row < y1; row++) {
      for (int col = Math.round(x0); col < x1; col++) {
        float light = .75f - .5f * (row - y0) / (y1 - y0);
        Plants.tint(shot, paint, light, z, color);
        shot.canvas.over(col, row, color, 1, z);
      }
    }
  }

  private static void glow(float[] color, float lamp) {
    color[0] += .55f * lamp;
    color[1] += .38f * lamp;
    color[2] += .16f * lamp;
  }
}
