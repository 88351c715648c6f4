package engine.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.base.UserError;
import engine.data.loader.DataLoader;
import engine.data.loader.Epoch;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderTest {
  @TempDir Path root;

  private void picture(String path) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    ImageIO.write(new BufferedImage(4, 3, BufferedImage.TYPE_INT_RGB), "png", file.toFile());
  }

  private void pictures(String folder, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      picture(folder + "/" + i + ".png");
    }
  }

  private Datasets.Split open() {
    return Datasets.open(root.toString(), () -> root, 1, 0.25);
  }

  private void assertRefused(String... parts) {
    UserError e = assertThrows(UserError.class, this::open);
    for (String part : parts) {
      assertTrue(e.getMessage().contains(part), e.getMessage());
    }
  }

  @Test
  void classesAreSortedAndPicturesFoundAtAnyDepth() throws IOException {
    picture("沙漠/a b.png");
    picture("beach house/deep/er/x.PNG");
    picture("beach house/y.png");
    picture("beach house/.thumbs/z.png");
    Files.writeString(root.resolve("beach house/notes.txt"), "no picture");
    Files.writeString(root.resolve("README.md"), "no class");
    Files.createDirectory(root.resolve(".git"));
    ImageFolder folder = ImageFolder.open(root, true);
    assertEquals(List.of("beach house", "沙漠"), folder.classNames());
    assertArrayEquals(new int[] {0, 0, 1}, folder.labels());
    assertTrue(folder.name(0).endsWith("x.PNG"));
    assertEquals(4, folder.load(2).width());
  }

  @Test
  void linksInACircleAreWalkedOnce() throws IOException {
    pictures("cat", 2);
    pictures("dog", 1);
    Files.createSymbolicLink(root.resolve("cat/up"), root);
    Files.createSymbolicLink(root.resolve("dog/self"), root.resolve("dog"));
    Files.createSymbolicLink(root.resolve("all"), root);
    Files.createSymbolicLink(root.resolve("dog/broken.png"), root.resolve("nowhere"));
    assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () -> {
          ImageFolder folder = ImageFolder.open(root, true);
          assertEquals(List.of("cat", "dog"), folder.classNames());
          assertArrayEquals(new int[] {0, 0, 1}, folder.labels());
          assertTrue(folder.warnings().stream().anyMatch(w -> w.contains("broken.png")));
        });
  }

  @Test
  void aFolderWithoutValidationIsSplitByClass() throws IOException {
    pictures("cat", 8);
    pictures("dog", 4);
    pictures("eel", 1);
    Datasets.Split split = open();
    assertEquals(10, split.train().size());
    assertEquals(3, split.val().size());
    assertEquals("2 1 0", counts(split.val()));
    assertEquals(2, split.warnings().size(), split.warnings().toString());
    assertTrue(split.warnings().get(0).startsWith("only one picture of eel"));
    assertTrue(split.warnings().get(1).contains("'cat' has 6 pictures and 'eel' has 1"));
    assertTrue(split.description().contains("3 classes, 10 pictures to train on, 3 to validate"));
  }

  private static String counts(Dataset dataset) {
    int[] counts = ClassBalance.of(dataset).counts();
    return counts[0] + " " + counts[1] + " " + counts[2];
  }

  @Test
  void trainAndValFoldersShareTheirLabels() throws IOException {
    pictures("train/cat", 2);
    pictures("train/dog", 2);
    pictures("train/eel", 2);
    pictures("val/eel", 1);
    Datasets.Split split = open();
    assertArrayEquals(new int[] {2}, split.val().labels());
    assertEquals("cat", split.val().classNames().get(0));
    assertTrue(split.warnings().getFirst().contains("no pictures of cat, dog"));
    pictures("val/fox", 1);
    assertRefused("'fox'", "not among the classes");
  }

  @Test
  void testServesAsValidationWhenThereIsNoVal() throws IOException {
    pictures("train/cat", 1);
    pictures("train/dog", 1);
    pictures("test/cat", 3);
    pictures("test/dog", 1);
    assertEquals(4, open().val().size());
  }

  @Test
  void aTrainFolderAloneIsSplit() throws IOException {
    pictures("train/cat", 4);
    pictures("train/dog", 4);
    assertEquals(2, open().val().size());
  }

  @Test
  void whatIsPassedOverIsCountedByExtension() throws IOException {
    pictures("cat", 2);
    pictures("dog", 2);
    Files.move(root.resolve("cat/0.png"), root.resolve("cat/plain"));
    Files.move(root.resolve("cat/1.png"), root.resolve("cat/x.jfif"));
    Files.createFile(root.resolve("dog/notes.txt"));
    Files.createFile(root.resolve("dog/README"));
    Files.createFile(root.resolve("dog/odd.€"));
    byte[] heic = "\0\0\0\u0018ftypheic\0\0\0\0mif1heic".getBytes(StandardCharsets.ISO_8859_1);
    for (String name : List.of("a.HEIC", "b.heic", "c.heic")) {
      Files.write(root.resolve("cat/" + name), heic);
    }
    Datasets.Split split = open();
    assertEquals(4, split.train().size() + split.val().size());
    assertEquals(
        "6 files in %s were passed over: 3 .heic, 1 .txt, 1 of other kinds, 1 without an extension; a HEIC picture is not read: convert it to JPEG or PNG"
            .formatted(root),
        split.warnings().getFirst());
  }

  @Test
  void whatSystemsLeaveBehindIsPassedOverInSilence() throws IOException {
    pictures("cat", 2);
    pictures("dog", 2);
    for (String path :
        List.of(
            "cat/.DS_Store",
            "cat/Thumbs.db",
            "cat/._0.png",
            "cat/.ipynb_checkpoints/0.png",
            "cat/@eaDir/0.png",
            "__MACOSX/cat/._0.png",
            ".ipynb_checkpoints/0.png",
            "dog/desktop.ini")) {
      Files.createDirectories(root.resolve(path).getParent());
      Files.createFile(root.resolve(path));
    }
    ImageFolder folder = ImageFolder.open(root, true);
    assertEquals(List.of("cat", "dog"), folder.classNames());
    assertEquals(4, folder.size());
    assertEquals(List.of(), folder.warnings());
  }

  @Test
  void whatLiesBesideTheClassesIsSaid() throws IOException {
    pictures("cat", 2);
    pictures("dog", 2);
    picture("loose.png");
    Files.createSymbolicLink(root.resolve("eel"), root.resolve("nowhere"));
    List<String> said = ImageFolder.open(root, true).warnings();
    assertTrue(said.get(0).contains("eel: the link leads nowhere"), said.toString());
    assertTrue(said.get(1).startsWith("1 picture lies directly in"), said.toString());
  }

  @Test
  void aTreeOfBrokenLinksDoesNotFillTheScreen() throws IOException {
    pictures("cat", 2);
    pictures("dog", 2);
    for (int i = 0; i < 50; i++) {
      Files.createSymbolicLink(root.resolve("cat/gone" + i + ".png"), root.resolve("nowhere"));
    }
    List<String> said = ImageFolder.open(root, true).warnings();
    assertEquals(21, said.size());
    assertEquals("passed over 30 more that cannot be used", said.getLast());
  }

  @Test
  void aClassFolderThatCannotBeReadIsNotMissedInSilence() throws IOException {
    pictures("cat", 2);
    pictures("dog", 2);
    pictures("eel", 2);
    Files.setPosixFilePermissions(root.resolve("eel"), Set.of());
    Assumptions.assumeFalse(
        Files.isReadable(root.resolve("eel")), "root reads every folder: try as a user");
    assertRefused("cannot read the class folder", "eel: permission denied");
    Files.setPosixFilePermissions(
        root.resolve("eel"), PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void anEmptyClassFolderIsLeftOutWithAWarning() throws IOException {
    pictures("cat", 2);
    pictures("dog", 2);
    Files.createDirectory(root.resolve("eel"));
    assertTrue(open().warnings().getFirst().contains("eel has no pictures"));
  }

  @Test
  void whatCannotBeTrainedOnEndsInASentence() throws IOException {
    assertRefused("is empty", "one subfolder per class");
    picture("loose.png");
    assertRefused("the pictures lie directly in", "one subfolder per class");
    Files.createDirectories(root.resolve("cat"));
    assertRefused("no pictures in the class folders");
    picture("cat/tabby/1.png");
    assertRefused("only one class, 'cat'", "give " + root.resolve("cat"));
    pictures("dog", 1);
    Files.move(root.resolve("cat/tabby/1.png"), root.resolve("cat/1.png"));
    assertRefused("every class", "single picture");
  }

  @Test
  void filesBesideClassFoldersAndSidesAreCounted() throws IOException {
    pictures("cat", 2);
    pictures("dog", 2);
    Files.writeString(root.resolve("README.md"), "about them");
    Files.writeString(root.resolve("cat/notes.txt"), "no picture");
    String said = open().warnings().toString();
    assertTrue(said.contains("2 files in " + root + " were passed over: 1 .md, 1 .txt"), said);
    Files.createDirectories(root.resolve("train"));
    Files.move(root.resolve("cat"), root.resolve("train/cat"));
    Files.move(root.resolve("dog"), root.resolve("train/dog"));
    pictures("val/dog", 1);
    picture("loose.png");
    said = open().warnings().toString();
    assertTrue(said.contains("1 file in " + root + " was passed over: 1 .md"), said);
    assertTrue(said.contains("1 picture lies directly in " + root), said);
  }

  @Test
  void picturesBesideATableOfThemPointToIt() throws IOException {
    picture("a.png");
    Files.writeString(root.resolve("labels.csv"), "file,label");
    assertRefused("give that file", root.resolve("labels.csv").toString());
  }

  @Test
  void validationWithoutTrainingIsRefused() throws IOException {
    pictures("val/cat", 1);
    pictures("test/cat", 1);
    assertRefused("has val but no train folder");
  }

  @Test
  void sourcesThatAreNotThereSayWhatToDo() throws IOException {
    Path file = Files.writeString(root.resolve("file.txt"), "");
    for (String[] c :
        new String[][] {
          {root.resolve("gone").toString(), "no folder"},
          {file.toString(), "is a file, not a folder"},
          {"cifar10:", "cifar10:DIR"},
          {"cifar10:" + root, "no data_batch_1.bin"},
          {"fashion-mnist:" + root, "apt install dataset-fashion-mnist"},
          {"demo:many", "demo:20"}
        }) {
      UserError e = assertThrows(UserError.class, () -> Datasets.open(c[0], () -> root, 1, 0.2));
      assertTrue(e.getMessage().contains(c[1]), e.getMessage());
    }
  }

  @Test
  void corruptFilesAreListedByTheLoaderWithTheirPath() throws IOException {
    pictures("cat", 30);
    pictures("dog", 30);
    Files.write(root.resolve("cat/7.png"), new byte[0]);
    Files.write(root.resolve("dog/8.png"), new byte[] {1, 2, 3});
    ImageFolder folder = ImageFolder.open(root, true);
    try (DataLoader loader =
            new DataLoader(
                folder, FakeImages.NONE, DataLoader.Config.training(10, 1).withWorkers(2));
        Epoch batches = loader.epoch(0, 0)) {
      while (batches.hasNext()) {
        batches.next().close();
      }
      List<String> paths =
          loader.badImages().list().stream().map(BadImages.BadImage::path).toList();
      assertEquals(
          List.of(root.resolve("cat/7.png").toString(), root.resolve("dog/8.png").toString()),
          paths);
      String reason = loader.badImages().list().getFirst().reason();
      assertFalse(reason.contains("7.png"), reason);
    }
  }
}
