package engine.data.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.data.Datasets;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pictures that somebody collected from several places. */
final class DataAuditTest {
  private static final int SIDE = 96;

  @TempDir Path root;

  @BeforeEach
  void eightDifferentPicturesOnEachSide() throws IOException {
    for (String side : List.of("train", "val")) {
      for (String c : List.of("lake", "road")) {
        for (int i = 0; i < 4; i++) {
          save(scene((side + c + i).hashCode(), 1), file(side, c, i + ".png"));
        }
      }
    }
  }

  private Path file(String side, String c, String name) throws IOException {
    return Files.createDirectories(root.resolve(side).resolve(c)).resolve(name);
  }

  private static void save(BufferedImage image, Path file) throws IOException {
    String name = file.toString();
    assertTrue(ImageIO.write(image, name.substring(name.lastIndexOf('.') + 1), file.toFile()));
  }

  /** Random soft shapes; {@code scale} draws the same ones larger. */
  private static BufferedImage scene(long seed, double scale) {
    SplittableRandom random = new SplittableRandom(seed);
    int side = (int) (SIDE * scale);
    BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.scale(scale, scale);
    for (int i = 0; i < 30; i++) {
      g.setColor(new java.awt.Color(random.nextInt(0x1000000)));
      g.fillOval(
          random.nextInt(SIDE) - 20,
          random.nextInt(SIDE) - 20,
          random.nextInt(10, 60),
          random.nextInt(10, 60));
    }
    g.dispose();
    return image;
  }

  private DataAudit audit() throws InterruptedException {
    return DataAudit.of(Datasets.open(root.toString(), () -> root, 0, 0.2), 64, 2, _ -> {});
  }

  private static List<String> names(DataAudit.Group g) {
    return g.pictures().stream()
        .map(p -> Path.of(p.name()))
        .map(p -> p.getParent().getFileName() + "/" + p.getFileName())
        .collect(Collectors.toList());
  }

  @Test
  void differentPicturesAreNotAlike() throws InterruptedException {
    DataAudit a = audit();
    assertEquals(List.of(), a.groups());
    assertEquals(List.of(), a.broken());
    assertEquals(List.of(), a.small());
    assertEquals(new DataAudit.Sizes(SIDE, SIDE, SIDE, SIDE, SIDE, SIDE), a.sizes());
    assertEquals(4, a.train()[0]);
    assertEquals(4, a.val()[1]);
  }

  @Test
  void aCopyInAnotherClassAndAnotherFormatIsEqual() throws Exception {
    BufferedImage same = ImageIO.read(file("train", "lake", "2.png").toFile());
    save(same, file("train", "road", "copy.bmp"));
    DataAudit a = audit();
    assertEquals(1, a.groups().size());
    DataAudit.Group g = a.groups().getFirst();
    assertEquals(List.of("lake/2.png", "road/copy.bmp"), names(g));
    assertTrue(g.equal());
    assertTrue(g.contradicts());
    assertFalse(g.leaks());
    assertEquals(1, a.contradictions());
    assertEquals(1, a.repeated());
    assertEquals(0, a.leaked());
  }

  @Test
  void oneThatWasEnlargedAndCompressedLeaks() throws Exception {
    save(scene("trainlake1".hashCode(), 2.5), file("val", "lake", "large.jpg"));
    save(scene("trainlake1".hashCode(), 0.7), file("val", "lake", "little.jpg"));
    DataAudit a = audit();
    assertEquals(1, a.groups().size());
    DataAudit.Group g = a.groups().getFirst();
    assertEquals(List.of("lake/1.png", "lake/large.jpg", "lake/little.jpg"), names(g));
    assertFalse(g.equal());
    assertTrue(g.leaks());
    assertEquals(2, a.leaked());
    assertEquals(2, a.repeated());
  }

  @Test
  void picturesOfOneColourAreAlikeOnlyWhereTheyAreEqual() throws Exception {
    for (int i = 0; i < 3; i++) {
      BufferedImage plain = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
      plain.createGraphics().setBackground(java.awt.Color.BLACK);
      for (int p = 0; p < SIDE * SIDE; p++) {
        plain.setRGB(p % SIDE, p / SIDE, i == 2 ? 0x808080 : 0x404040);
      }
      save(plain, file("train", "road", "plain" + i + ".png"));
    }
    DataAudit a = audit();
    assertEquals(1, a.groups().size());
    assertEquals(List.of("road/plain0.png", "road/plain1.png"), names(a.groups().getFirst()));
  }

  @Test
  void whatCannotBeReadAndWhatIsTinyIsNamed() throws Exception {
    Path cut = file("val", "road", "cut.png");
    byte[] whole = Files.readAllBytes(file("val", "road", "0.png"));
    Files.write(cut, java.util.Arrays.copyOf(whole, whole.length / 2));
    save(scene(99, 0.2), file("train", "lake", "tiny.png"));
    DataAudit a = audit();
    assertEquals(1, a.broken().size());
    assertTrue(a.broken().getFirst().isVal());
    assertTrue(a.broken().getFirst().why().contains("cut.png"), a.broken().getFirst().why());
    assertEquals(1, a.small().size());
    assertEquals(19, a.small().getFirst().width());
    assertEquals(19, a.sizes().smallestHeight());
  }

  @Test
  void manyPicturesAreGroupedByPartsOfTheirHashes() {
    SplittableRandom random = new SplittableRandom(5);
    int n = 70_000;
    Fingerprint[] prints = new Fingerprint[n];
    for (int i = 0; i < n; i++) {
      byte[] small = new byte[256];
      random.nextBytes(small);
      prints[i] =
          new Fingerprint(
              1, 1, new Fingerprint.Digest(random.nextLong(), i), random.nextLong(), small);
    }
    // Two bits of another's hash, and its pixels: a near duplicate far away from it.
    Fingerprint first = prints[7];
    prints[n - 1] =
        new Fingerprint(
            1,
            1,
            new Fingerprint.Digest(1, 1),
            first.hash() ^ 0x8000_0000_0000_0001L,
            first.small());
    assertEquals(List.of(List.of(7, n - 1)), Duplicates.groups(prints));
  }
}
