package engine.verify;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import engine.data.transform.Interpolation;
import engine.data.transform.RandomResizedCrop;
import engine.picture.Region;
import java.util.SplittableRandom;

/**
 * Compares what RandomResizedCrop draws with what torchvision drew: means and deviations of many
 * draws, within four and a half standard errors of both samples together.
 */
final class RandomCropStatistics {
  private static final int DRAWS = 200_000;
  private static final double ERRORS = 4.5;

  private RandomCropStatistics() {}

  static void run(ReferenceCase c, Checks checks) {
    JsonObject seen = c.attrs().getAsJsonObject("observed");
    JsonArray scale = c.attrs().getAsJsonArray("scale");
    JsonArray ratio = c.attrs().getAsJsonArray("ratio");
    RandomResizedCrop crop =
        new RandomResizedCrop(
            224,
            scale.get(0).getAsDouble(),
            scale.get(1).getAsDouble(),
            ratio.get(0).getAsDouble(),
            ratio.get(1).getAsDouble(),
            Interpolation.BILINEAR);
    int width = seen.getAsJsonArray("image_wh").get(0).getAsInt();
    int height = seen.getAsJsonArray("image_wh").get(1).getAsInt();
    double[][] v = new double[6][DRAWS];
    SplittableRandom random = new SplittableRandom(1);
    for (int n = 0; n < DRAWS; n++) {
      Region r = crop.draw(width, height, random);
      v[0][n] = r.top();
      v[1][n] = r.left();
      v[2][n] = r.height();
      v[3][n] = r.width();
      v[4][n] = (double) r.height() * r.width() / ((double) width * height);
      v[5][n] = Math.log((double) r.width() / r.height());
    }
    int n = seen.get("n").getAsInt();
    String[] names = {"top", "left", "height", "width"};
    for (int i = 0; i < 4; i++) {
      mean(checks, names[i], seen.getAsJsonArray("mean_ijhw").get(i).getAsDouble(), v[i], n, 5e-4);
      deviation(
          checks, names[i], seen.getAsJsonArray("std_ijhw").get(i).getAsDouble(), v[i], n, 5e-4);
    }
    mean(checks, "area", seen.get("mean_area_fraction").getAsDouble(), v[4], n, 5e-5);
    mean(checks, "log ratio", seen.get("mean_log_ratio").getAsDouble(), v[5], n, 5e-5);
    deviation(checks, "log ratio", seen.get("std_log_ratio").getAsDouble(), v[5], n, 5e-5);
  }

  private static void mean(
      Checks checks, String name, double seen, double[] v, int n, double rounding) {
    double error = Math.sqrt(moment(v, 2)) * Math.sqrt(1.0 / n + 1.0 / v.length);
    checks.scalar("mean of " + name, seen, average(v), ERRORS * error + rounding);
  }

  /** The standard error of a deviation s is sqrt(m4 - s^4) / (2 s sqrt(n)). */
  private static void deviation(
      Checks checks, String name, double seen, double[] v, int n, double rounding) {
    double variance = moment(v, 2);
    double s = Math.sqrt(variance);
    double one = Math.sqrt(moment(v, 4) - variance * variance) / (2 * s);
    double error = one * Math.sqrt(1.0 / n + 1.0 / v.length);
    checks.scalar("deviation of " + name, seen, s, ERRORS * error + rounding);
  }

  private static double average(double[] v) {
    double sum = 0;
    for (double x : v) {
      sum += x;
    }
    return sum / v.length;
  }

  /** Central moment of an even order. */
  private static double moment(double[] v, int order) {
    double m = average(v);
    double sum = 0;
    for (double x : v) {
      double square = (x - m) * (x - m);
      sum += order == 2 ? square : square * square;
    }
    return sum / v.length;
  }
}
