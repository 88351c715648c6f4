package engine.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.base.FileNames;
import engine.base.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PictureWalkTest {
  @TempDir Path root;
  private final List<String> passedOver = new ArrayList<>();

  private List<String> walk(int names, Path... inputs) {
    List<String> out = new ArrayList<>();
    new PictureWalk(List.of(inputs), (p, why) -> passedOver.add(p + ": " + why), names)
        .forEachRemaining(p -> out.add(root.relativize(p).toString()));
    return out;
  }

  private Path file(String name) throws IOException {
    Path p = root.resolve(name);
    Files.createDirectories(p.getParent());
    return Files.writeString(p, name);
  }

  @Test
  void theOrderIsThatOfTheNamesHoweverFewAreHeldAtOnce() throws IOException {
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      expected.add("a%02d.jpg".formatted(i));
      if (i % 10 == 3) {
        expected.add("a%02d/x.png".formatted(i)); // a folder among the files: 'a03' < 'a03.jpg'
      }
    }
    for (String name : expected) {
      file(name);
    }
    expected.sort(null);
    List<String> all = walk(1 << 16, root);
    assertEquals(expected.size(), all.size());
    for (int names : new int[] {1, 2, 7, 49, 55}) {
      assertEquals(all, walk(names, root), names + " names at once");
    }
    assertEquals(0, all.indexOf("a00.jpg"));
    assertEquals(all.indexOf("a03.jpg"), all.indexOf("a03/x.png") + 1);
  }

  @Test
  void onlyPicturesAreFoundInFoldersAndNamedFilesAreTakenAsTheyAre() throws IOException {
    file("a/notes.txt");
    file("a/.hidden.jpg");
    file("a/.git/x.jpg");
    file("a/b/deep.JPG");
    Files.createDirectories(root.resolve("a/folder.jpg"));
    Path odd = file("odd.dat");
    assertEquals(List.of("odd.dat", "a/b/deep.JPG"), walk(9, odd, root.resolve("a")));
    assertEquals(List.of(), passedOver);
    assertThrows(UserError.class, () -> walk(9, root.resolve("none.jpg")));
  }

  @Test
  void namesThatAreNoUtf8AreFilesLikeOthers() throws IOException {
    List<String> names =
        List.of(
            "a.jpg",
            "caf\u00e9/1.jpg",
            "caf\udce9/1.jpg",
            "caf\udce9/na\udcefve.jpg",
            "\udcff.png");
    for (String name : names) {
      Path p = FileNames.path(root + "/" + name);
      Files.createDirectories(p.getParent());
      Files.writeString(p, name.substring(1, 2));
    }
    for (int at : new int[] {1, 2, 9}) {
      List<String> found = new ArrayList<>();
      new PictureWalk(List.of(root), (p, why) -> passedOver.add(p + ": " + why), at)
          .forEachRemaining(
              p -> {
                found.add(FileNames.text(p).substring(root.toString().length() + 1));
                assertTrue(Files.isReadable(p), p::toString);
              });
      assertEquals(names, found, at + " names at once");
    }
    assertEquals(List.of(), passedOver);
  }

  @Test
  void linksAreFollowedButNotInACircle() throws IOException {
    file("a/1.jpg");
    file("other/2.jpg");
    Files.createSymbolicLink(root.resolve("a/up"), root);
    Files.createSymbolicLink(root.resolve("a/self"), root.resolve("a"));
    Files.createSymbolicLink(root.resolve("a/there"), root.resolve("other"));
    Files.createSymbolicLink(root.resolve("a/nowhere.jpg"), root.resolve("gone.jpg"));
    assertEquals(List.of("a/1.jpg", "a/there/2.jpg"), walk(9, root.resolve("a")));
    assertEquals(1, passedOver.size());
    assertTrue(passedOver.getFirst().endsWith("nowhere.jpg: the link leads nowhere"));
  }
}
