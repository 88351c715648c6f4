package engine.report;

import engine.console.Units;
import engine.metrics.CalibrationBin;
import engine.metrics.ClassificationMetrics;
import engine.metrics.ConfusedPair;
import engine.metrics.Interval;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A report in one picture: headline figures, confusion matrix, calibration. */
final class ReportPicture {
  private static final int WIDTH = 1200;
  private static final int HEIGHT = 700;
  private static final int NAMES_UP_TO = 24;

  /** Of more classes a cell would be of a pixel or two. */
  private static final int MATRIX_UP_TO = 160;

  private static final int PAIRS = 17;
  private static final Color INK = new Color(0x1c2129);
  private static final Color SOFT = new Color(0x667080);
  private static final Color HIT = new Color(31, 95, 168);
  private static final Color MISS = new Color(201, 90, 42);
  private static final Color RULE = new Color(0xe4e2dc);

  private final Graphics2D g;
  private final ReportData data;
  private final ClassificationMetrics m;

  private ReportPicture(Graphics2D g, ReportData data) {
    this.g = g;
    this.data = data;
    this.m = data.metrics();
  }

  /**
   * PNG bytes. A machine without fonts ends it in an error of any kind, see {@link Decoration}.
   *
   * @param data with metrics
   */
  static byte[] png(ReportData data) throws IOException {
    String home = System.getProperty("user.home");
    if (!Path.of(home).isAbsolute()) {
      // Java lists the fonts it found in a file under the home folder and calls one that it does
      // not know "?": no folder of that name shall appear where the command runs.
      System.setProperty("user.home", "/nonexistent");
    }
    try {
      return TensorBoardWriter.png(image(data));
    } finally {
      System.setProperty("user.home", home);
    }
  }

  private static BufferedImage image(ReportData data) {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    try {
      g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      g.setColor(Color.WHITE);
      g.fillRect(0, 0, WIDTH, HEIGHT);
      new ReportPicture(g, data).draw();
    } finally {
      g.dispose();
    }
    return image;
  }

  private void draw() {
    text(data.title(), 40, 56, 26, Font.BOLD, INK);
    text(data.subtitle(), 40, 84, 14, Font.PLAIN, SOFT);
    Interval i = m.accuracyInterval();
    text(
        "accuracy %s (95 %%: %s to %s)   macro F1 %s   calibration error %s   %s images"
            .formatted(
                Units.percent(m.accuracy()),
                Units.percent(i.low()),
                Units.percent(i.high()),
                Units.percent(m.macro().f1()),
                Units.percent(m.expectedCalibrationError()),
                Units.count(m.samples())),
        40,
        118,
        16,
        Font.PLAIN,
        INK);
    if (m.classes() <= MATRIX_UP_TO) {
      matrix(m.classes() <= NAMES_UP_TO ? 190 : 40, 160, 480);
    } else {
      pairs(40, 160);
    }
    calibration(760, 160, 380);
  }

  private void matrix(int left, int top, int size) {
    int k = m.classes();
    double cell = (double) size / k;
    for (int t = 0; t < k; t++) {
      long support = Math.max(1, m.confusion().support(t));
      for (int p = 0; p < k; p++) {
        long n = m.confusion().count(t, p);
        double share = (double) n / support;
        Color c = mix(t == p ? HIT : MISS, t == p ? share : Math.sqrt(share));
        g.setColor(n == 0 ? new Color(0xf4f3f0) : c);
        int x = left + (int) (p * cell);
        int y = top + (int) (t * cell);
        g.fillRect(x, y, (int) Math.ceil(cell) - 1, (int) Math.ceil(cell) - 1);
        if (n > 0 && cell >= 24) {
          Color ink = share > 0.55 ? Color.WHITE : INK;
          text(
              String.valueOf(n),
              x + (int) (cell / 2) - 4 * digits(n),
              y + (int) (cell / 2) + 5,
              12,
              Font.PLAIN,
              ink);
        }
      }
      if (k <= NAMES_UP_TO) {
        String name = shorten(data.classNames().get(t));
        int y = top + (int) ((t + 0.5) * cell) + 5;
        text(
            name,
            left - 10 - g.getFontMetrics(font(13, Font.PLAIN)).stringWidth(name),
            y,
            13,
            Font.PLAIN,
            SOFT);
      }
    }
    text(
        "rows: the true class, columns: the answer, in the same order",
        left,
        top + size + 24,
        12,
        Font.PLAIN,
        SOFT);
  }

  /** The most frequent mistakes, where a matrix has too many cells. */
  private void pairs(int left, int top) {
    text(
        "most confused of %s classes".formatted(Units.count(m.classes())),
        left,
        top + 16,
        16,
        Font.BOLD,
        INK);
    int y = top + 46;
    for (ConfusedPair p : m.confusion().mostConfused(PAIRS)) {
      String names =
          "%s taken for %s"
              .formatted(
                  shorten(data.classNames().get(p.truth())),
                  shorten(data.classNames().get(p.predicted())));
      text(Units.count(p.count()), left, y, 14, Font.PLAIN, INK);
      text(names, left + 70, y, 14, Font.PLAIN, INK);
      text(Units.percent(p.share()) + " of its class", left + 440, y, 14, Font.PLAIN, SOFT);
      y += 27;
    }
  }

  private void calibration(int left, int top, int size) {
    g.setColor(RULE);
    g.drawRect(left, top, size, size);
    List<CalibrationBin> bins = m.calibration();
    double width = (double) size / bins.size();
    for (int b = 0; b < bins.size(); b++) {
      if (bins.get(b).samples() > 0) {
        int high = (int) (size * bins.get(b).accuracy());
        g.setColor(mix(HIT, 0.75));
        g.fillRect(left + (int) (b * width) + 1, top + size - high, (int) width - 1, high);
      }
    }
    g.setColor(MISS);
    g.setStroke(new BasicStroke(1.6f));
    g.drawLine(left, top + size, left + size, top);
    text(
        "how often answers of a probability (left to right, 0 to 1) are right",
        left,
        top + size + 24,
        12,
        Font.PLAIN,
        SOFT);
  }

  private void text(String s, int x, int y, int size, int style, Color color) {
    g.setFont(font(size, style));
    g.setColor(color);
    g.drawString(s, x, y);
  }

  private static Font font(int size, int style) {
    return new Font(Font.SANS_SERIF, style, size);
  }

  private static String shorten(String name) {
    return name.length() <= 18 ? name : name.substring(0, 17) + "…";
  }

  private static int digits(long n) {
    return String.valueOf(n).length();
  }

  private static Color mix(Color c, double v) {
    return new Color(level(c.getRed(), v), level(c.getGreen(), v), level(c.getBlue(), v));
  }

  private static int level(int full, double v) {
    return (int) Math.round(255 + (full - 255) * Math.clamp(v, 0, 1));
  }
}
