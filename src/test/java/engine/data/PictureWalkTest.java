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
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PictureWalkTest {
  @TempDir Path root;
  private final List<String> unusable = new ArrayList<>();

  private List<String> walk(int names, Path... inputs) {
    List<String> out = new ArrayList<>();
    new PictureWalk(List.of(inputs), (p, why) -> unusable.add(p + ": " + why), names)
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
    assertEquals(List.of(), unusable);
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
      new PictureWalk(List.of(root), (p, why) -> unusable.add(p + ": " + why), at)
          .forEachRemaining(
              p -> {
                found.add(FileNames.text(p).substring(root.toString().length() + 1));
                assertTrue(Files.isReadable(p), p::toString);
              });
      assertEquals(names, found, at + " names at once");
    }
    assertEquals(List.of(), unusable);
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
    assertEquals(1, unusable.size());
    assertTrue(unusable.getFirst().endsWith("nowhere.jpg: the link leads nowhere"));
  }

  /** The sentence about what was passed over, with the folder of the test as ROOT. */
  private String said(Path... inputs) {
    PictureWalk walk = new PictureWalk(List.of(inputs), (p, why) -> unusable.add(p + ": " + why));
    assertEquals(Optional.empty(), walk.passedOver());
    walk.forEachRemaining(p -> {});
    return walk.passedOver().orElse("nothing").replace(root.toString(), "ROOT");
  }

  @Test
  void whatIsPassedOverIsCountedByExtensionAtAnyDepth() throws IOException {
    file("a/1.jpg");
    file("a/notes.txt");
    file("a/b/c/clip.MP4");
    file("a/b/README");
    Files.writeString(root.resolve("a/b/x.avif"), "\0\0\0\u0014ftypavif\0\0\0\0avif");
    assertEquals(
        "4 files in ROOT/a were passed over: 1 .avif, 1 .mp4, 1 .txt, 1 without an extension;"
            + " an AVIF picture is not read: convert it to JPEG or PNG",
        said(root.resolve("a")));
    assertEquals("nothing", said(root.resolve("a/1.jpg"), root.resolve("a/notes.txt")));
  }

  @Test
  void whatSystemsLeaveBehindIsNeitherReadNorCounted() throws IOException {
    for (String name : List.of(".DS_Store", "Thumbs.db", "__MACOSX/1.jpg", ".git/2.jpg", "3.jpg")) {
      file("a/" + name);
    }
    assertEquals(List.of("a/3.jpg"), walk(9, root.resolve("a")));
    assertEquals("nothing", said(root.resolve("a")));
  }

  @Test
  void whatIsPassedOverCountsOnceHoweverOftenItsFolderIsNamed() throws IOException {
    file("a/1.txt");
    file("a/b/2.txt");
    file("a/.c/3.txt");
    file("d/4.csv");
    Path a = root.resolve("a");
    Files.createSymbolicLink(root.resolve("link"), a);
    String both = "2 files in ROOT/a were passed over: 2 .txt";
    assertEquals(both, said(a, a));
    assertEquals(both, said(a, root.resolve("link")));
    assertEquals(both, said(a, a.resolve("b")));
    assertEquals(
        "2 files in 2 folders were passed over: 2 .txt",
        said(a.resolve("b"), a, root.resolve("a")));
    assertEquals("3 files in 2 folders were passed over: 3 .txt", said(a, a.resolve(".c")));
    assertEquals(
        "3 files in 2 folders were passed over: 2 .txt, 1 .csv", said(a, root.resolve("d")));
  }

  @Test
  void pipesInFoldersAreNotOpenedButCounted() throws Exception {
    file("a/1.jpg");
    String pipe = root.resolve("a/2.jpg").toString();
    assertEquals(0, new ProcessBuilder("mkfifo", pipe).start().waitFor());
    assertEquals(
        "1 file in ROOT/a was passed over: 1 pipe, socket or device", said(root.resolve("a")));
  }
}
