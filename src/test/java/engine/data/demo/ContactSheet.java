package engine.data.demo;

import engine.data.image.PixelImage;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import javax.imageio.ImageIO;

/**
 * Draws some pictures of every scene onto one sheet, to look at: {@code ContactSheet OUT.png
 * [COLUMNS [SCENE]]}.
 */
final class ContactSheet {
  private ContactSheet() {}

  public static void main(String[] args) throws IOException {
    int columns = args.length > 1 ? Integer.parseInt(args[1]) : 8;
    Scene[] rows = Scene.values();
    if (args.length > 2) {
      rows = new Scene[8];
      java.util.Arrays.fill(rows, Scene.valueOf(args[2]));
    }
    int w = 160;
    int h = 120;
    BufferedImage sheet =
        new BufferedImage(columns * w, rows.length * h, BufferedImage.TYPE_INT_RGB);
    for (int r = 0; r < rows.length; r++) {
      long start = cpu();
      for (int c = 0; c < columns; c++) {
        int number = args.length > 2 ? r * columns + c : c;
        PixelImage p = DemoPictures.draw(rows[r], number, w, 1);
        for (int i = 0; i < w * h; i++) {
          byte[] d = p.data();
          int rgb = (d[3 * i] & 255) << 16 | (d[3 * i + 1] & 255) << 8 | d[3 * i + 2] & 255;
          sheet.setRGB(c * w + i % w, r * h + i / w, rgb);
        }
      }
      System.out.printf("%s %.1f ms of CPU a picture%n", rows[r], (cpu() - start) * 1e-6 / columns);
    }
    ImageIO.write(sheet, "png", new File(args[0]));
  }

  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
