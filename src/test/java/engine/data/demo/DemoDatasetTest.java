package engine.data.demo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.base.UserError;
import engine.data.Datasets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoDatasetTest {
  @TempDir Path cache;

  private static String hash(Path folder) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        digest.update(folder.relativize(file).toString().getBytes());
        digest.update(Files.readAllBytes(file));
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private Path generate(String name, int perClass, long seed) {
    return DemoDataset.generate(cache.resolve(name), perClass, 32, seed);
  }

  @Test
  void theSameArgumentsGiveTheSameFiles() throws Exception {
    String once = hash(generate("a", 2, 1));
    assertEquals(once, hash(generate("b", 2, 1)));
    assertNotEquals(once, hash(generate("c", 2, 2)));
  }

  @Test
  void aPictureDependsOnItsSceneNumberAndSeedOnly() {
    assertArrayEquals(
        DemoPictures.draw(Scene.LAKE, 3, 32, 1).data(),
        DemoPictures.draw(Scene.LAKE, 3, 32, 1).data());
    assertFalse(
        java.util.Arrays.equals(
            DemoPictures.draw(Scene.LAKE, 3, 32, 1).data(),
            DemoPictures.draw(Scene.LAKE, 4, 32, 1).data()));
  }

  @Test
  void theSetOpensAsAnOrdinaryImageFolder() throws IOException {
    Path folder = generate("set", 4, 1);
    Datasets.Split split = Datasets.open(folder.toString(), cache, 1, 0.2);
    assertEquals(
        List.of(
            "beach",
            "city",
            "desert",
            "forest",
            "glacier",
            "gobi",
            "grassland",
            "lake",
            "mountain",
            "sky"),
        split.train().classNames());
    assertEquals(40, split.train().size());
    assertEquals(10, split.val().size());
    assertEquals(List.of(), split.warnings());
    assertEquals(32, split.train().load(0).width());
    assertEquals(24, split.train().load(0).height());
  }

  @Test
  void demoIsDrawnIntoTheCacheOnce() throws IOException {
    Datasets.Split split = Datasets.open("demo:1", cache, 1, 0.2);
    assertEquals(10, split.train().size());
    Path picture = cache.resolve("demo-1/train/sky/0000.jpg");
    var time = Files.getLastModifiedTime(picture);
    assertTrue(Datasets.open("demo:1", cache, 2, 0.2).description().contains("synthetic"));
    assertEquals(time, Files.getLastModifiedTime(picture));
  }

  @Test
  void aStaleOrHalfSetIsDrawnAgain() throws Exception {
    Path folder = generate("set", 2, 1);
    String whole = hash(folder);
    Files.delete(folder.resolve("train/lake/0001.jpg"));
    assertEquals(whole, hash(generate("set", 2, 1)));
    Files.writeString(folder.resolve("demo-set.txt"), "engine demo set, version 0");
    assertEquals(whole, hash(generate("set", 2, 1)));
    generate("set", 1, 1);
    assertFalse(Files.exists(folder.resolve("train/lake/0001.jpg")));
    try (Stream<Path> left = Files.list(cache)) {
      assertEquals(1, left.count());
    }
  }

  @Test
  void aForeignFolderIsNotTouched() throws IOException {
    Path mine = Files.createDirectories(cache.resolve("set"));
    Files.writeString(mine.resolve("diary.txt"), "mine");
    UserError e = assertThrows(UserError.class, () -> generate("set", 1, 1));
    assertTrue(e.getMessage().contains("not made by it"), e.getMessage());
    assertTrue(Files.exists(mine.resolve("diary.txt")));
  }

  @Test
  void aCacheThatCannotBeWrittenIsOneSentence() throws IOException {
    Path file = Files.writeString(cache.resolve("file"), "");
    UserError e =
        assertThrows(UserError.class, () -> DemoDataset.generate(file.resolve("demo"), 1, 32, 1));
    assertTrue(e.getMessage().startsWith("cannot write the demo set to"), e.getMessage());
  }
}
