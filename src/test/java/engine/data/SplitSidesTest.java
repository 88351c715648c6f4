package engine.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.base.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files named like pictures are enough: none is decoded. */
class SplitSidesTest {
  @TempDir Path temp;

  private Path root;

  private void pictures(String... folders) throws IOException {
    root = Files.createTempDirectory(temp, "data");
    for (String f : folders) {
      Path folder = Files.createDirectories(root.resolve(f));
      for (int i = 0; i < 4; i++) {
        Files.createFile(folder.resolve(i + ".jpg"));
      }
    }
  }

  private void sides(String... names) throws IOException {
    pictures(
        Stream.of(names)
            .flatMap(n -> Stream.of(n + "/glioma", n + "/pituitary"))
            .toArray(String[]::new));
  }

  private Datasets.Split open() {
    return Datasets.open(root.toString(), () -> root, 1, 0.25);
  }

  @Test
  void sidesAreKnownInAnyCaseAndSpelling() throws IOException {
    String[][] pairs = {
      {"Training", "Testing"},
      {"train", "test"},
      {"training", "validation"},
      {"Train", "Val"},
      {"TRAIN", "VALID"},
      {"Trainset", "testset"},
      {"train_images", "val_images"},
      {"Training Set", "Test Set"},
      {"TrainSet", "ValSet"},
      {"train-data", "dev"},
      {"tests", "trains"},
      {"seg_train", "seg_test"},
      {"train.v2", "valid.v2"}
    };
    for (String[] p : pairs) {
      sides(p);
      Datasets.Split split = open();
      assertEquals(List.of("glioma", "pituitary"), split.train().classNames(), p[0]);
      assertEquals(8, split.train().size(), p[0]);
      assertEquals(8, split.val().size(), p[0]);
      assertEquals(List.of(), split.warnings(), p[0]);
      boolean turned = p[0].equals("tests");
      assertTrue(split.train().name(0).contains("/" + p[turned ? 1 : 0] + "/"), p[0]);
      assertTrue(split.val().name(0).contains("/" + p[turned ? 0 : 1] + "/"), p[1]);
    }
  }

  @Test
  void testIsLeftForEvalWhereThereIsAValidationSide() throws IOException {
    sides("Train", "Test", "Valid");
    Datasets.Split split = open();
    assertTrue(split.val().name(0).contains("/Valid/"));
    String left = "Train and Valid (Test is left for eval --data " + root.resolve("Test") + ")";
    assertTrue(split.description().contains(left), split.description());
  }

  @Test
  void aFolderOfPicturesBesideOthersIsAClassWhateverItsName() throws IOException {
    pictures("bus", "train", "test");
    assertEquals(List.of("bus", "test", "train"), open().train().classNames());
    pictures("freight_train", "passenger_train", "dev board");
    assertEquals(3, open().train().classNames().size());
    pictures("passenger_train/old", "passenger_train/new", "crash_test/old");
    assertEquals(List.of("crash_test", "passenger_train"), open().train().classNames());
  }

  @Test
  void sidesWithoutClassesAreNoClasses() throws IOException {
    pictures("train", "test");
    UserError e = assertThrows(UserError.class, this::open);
    assertTrue(e.getMessage().contains("the pictures lie directly in " + root.resolve("train")));
    sides("train");
    Files.createDirectory(root.resolve("test"));
    Files.createFile(root.resolve("test/unlabelled.jpg"));
    assertTrue(open().warnings().getFirst().contains("test has no class folders"));
    assertEquals(2, open().val().size(), "held out of train");
  }

  @Test
  void aLoneSideOfAnyCaseIsSplit() throws IOException {
    sides("Training");
    assertEquals(List.of("glioma", "pituitary"), open().train().classNames());
    assertEquals(2, open().val().size());
  }

  @Test
  void twoFoldersForOneSideAreNotGuessedBetween() throws IOException {
    sides("Training", "TRAINING", "val");
    UserError e = assertThrows(UserError.class, this::open);
    assertTrue(e.getMessage().contains("may both be the train side"), e.getMessage());
    sides("train", "Training", "val", "valid");
    assertTrue(open().warnings().getFirst().contains("Training, valid are left out"));
  }

  @Test
  void otherFoldersBesideTheSidesAreNamed() throws IOException {
    sides("train", "val", "old");
    assertTrue(open().warnings().getFirst().contains("old is left out"), "" + open().warnings());
  }

  @Test
  void sidesUnderUnknownNamesAreWarnedAbout() throws IOException {
    sides("Lernen", "Pruefen");
    String w = open().warnings().getFirst();
    assertTrue(w.contains("Lernen and Pruefen hold the same subfolders (glioma, pituitary)"), w);
    pictures("animals/cat", "animals/dog", "vehicles/car");
    w = open().warnings().getFirst();
    assertTrue(w.contains("the subfolders inside them (car, cat, dog) are not told apart"), w);
  }

  @Test
  void knownClassesAreEvaluatedOnTheSideThatIsThere() throws IOException {
    sides("Val", "Test");
    assertTrue(judged(Side.VAL).pictures().name(0).contains("/Val/"));
    assertTrue(judged(Side.TEST).pictures().name(0).contains("/Test/"));
    UserError e = assertThrows(UserError.class, () -> judged(Side.TRAIN));
    assertTrue(e.getMessage().contains("has no train side"), e.getMessage());
    sides("Test");
    assertTrue(judged(Side.VAL).pictures().name(0).contains("/Test/"));
    sides("Training", "Testing");
    assertTrue(judged(Side.VAL).pictures().name(0).contains("/Testing/"));
    assertTrue(judged(Side.TEST).pictures().name(0).contains("/Testing/"));
    assertTrue(judged(Side.TRAIN).pictures().name(0).contains("/Training/"));
    assertFalse(judged(Side.TRAIN).whole());
  }

  private PicturesToJudge judged(Side side) {
    return PicturesToJudge.of(
        root.toString(),
        side,
        new KnownClasses(List.of("glioma", "pituitary"), true, false),
        () -> root);
  }
}
