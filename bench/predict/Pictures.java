import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;

/** JPEGs of one size from a folder of pictures: enlarged, with a grain, so that they weigh as photos do. */
final class Pictures {
  public static void main(String[] args) throws Exception {
    Path out = Files.createDirectories(Path.of(args[1]));
    int count = Integer.parseInt(args[2]);
    int width = Integer.parseInt(args[3]);
    int height = Integer.parseInt(args[4]);
    List<Path> from;
    try (var files = Files.walk(Path.of(args[0]))) {
      from = files.filter(p -> p.toString().endsWith(".jpg")).sorted().toList();
    }
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < count; i++) {
      BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
      Graphics2D g = picture.createGraphics();
      g.setRenderingHint(
          RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
      g.drawImage(ImageIO.read(from.get(i % from.size()).toFile()), 0, 0, width, height, null);
      g.dispose();
      for (int p = 0; p < width * height; p++) {
        int x = p % width;
        int y = p / width;
        int rgb = picture.getRGB(x, y);
        int grain = random.nextInt(-20, 21);
        picture.setRGB(
            x, y, grey(rgb >> 16, grain) << 16 | grey(rgb >> 8, grain) << 8 | grey(rgb, grain));
      }
      ImageIO.write(picture, "jpg", out.resolve("%06d.jpg".formatted(i)).toFile());
    }
  }

  private static int grey(int value, int grain) {
    return Math.clamp((value & 0xff) + grain, 0, 255);
  }
}
