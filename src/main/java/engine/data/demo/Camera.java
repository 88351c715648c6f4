package engine.data.demo;

/**
 * Where the picture is taken from. It looks along z, x is to the right, heights are metres above
 * the ground's zero.
 *
 * @param horizon row at which the horizon lies
 * @param focal focal length in pixels
 * @param eye height of the camera in metres
 */
record Camera(int width, int height, float horizon, float focal, float eye) {

  static Camera of(Canvas canvas, float horizonShare, float focalShare, float eye) {
    return new Camera(
        canvas.width, canvas.height, horizonShare * canvas.height, focalShare * canvas.width, eye);
  }

  /** This camera put up {@code ground} metres higher, to stand on the ground and not in it. */
  Camera above(float ground) {
    return new Camera(width, height, horizon, focal, eye + ground);
  }

  /** Sideways position, in metres, of what column {@code x} shows at distance {@code z}. */
  float worldX(float x, float z) {
    return (x - width / 2f) * z / focal;
  }

  float screenX(float x, float z) {
    return width / 2f + x * focal / z;
  }

  /** Row of a point at height {@code y} and distance {@code z}. */
  float screenY(float y, float z) {
    return horizon - (y - eye) * focal / z;
  }

  /**
   * Distance of the plane at height {@code y} as seen in row {@code row}, which must be on its side
   * of the horizon.
   */
  float planeZ(float y, float row) {
    return (eye - y) * focal / (row - horizon);
  }
}
