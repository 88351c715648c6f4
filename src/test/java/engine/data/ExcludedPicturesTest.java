package engine.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.base.UserError;
import engine.data.image.PixelImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ExcludedPicturesTest {
  @TempDir Path temp;

  /** Pictures of one class by their names alone. */
  private record Named(List<String> names) implements Dataset {
    @Override
    public int size() {
      return names.size();
    }

    @Override
    public int label(int i) {
      return 0;
    }

    @Override
    public PixelImage load(int i) throws IOException {
      throw new IOException("there is nothing to see");
    }

    @Override
    public List<String> classNames() {
      return List.of("c");
    }

    @Override
    public String name(int i) {
      return names.get(i);
    }
  }

  private final List<String> said = new ArrayList<>();

  private List<String> rest(String file, String text, String... pictures) throws IOException {
    Path list = temp.resolve(file);
    Files.writeString(list, text);
    Dataset left =
        ExcludedPictures.read(list).from(new Named(List.of(pictures)), "/data", said::add);
    return IntStream.range(0, left.size()).mapToObj(left::name).toList();
  }

  @Test
  void namesAreOfTheDataOfTheListOrOfHere() throws IOException {
    String here = Path.of("x.jpg").toAbsolutePath().toString();
    assertEquals(
        List.of("/data/c/3.jpg"),
        rest(
            "list.txt",
            "\ufeffc/1.jpg\r\n/data/c/2.jpg\n\nx.jpg\n./y.jpg\nbeside.jpg\nmnist 7\n",
            "/data/c/1.jpg",
            "/data/c/2.jpg",
            "/data/c/3.jpg",
            here,
            "y.jpg",
            temp.resolve("beside.jpg").toString(),
            "mnist 7"));
    assertEquals(
        List.of("6 pictures are left out, as " + temp.resolve("list.txt") + " says"), said);
  }

  @Test
  void unknownNamesAreSaid() throws IOException {
    rest("list.txt", "c/1.jpg\na\nb\nd\ne\n", "/data/c/1.jpg", "/data/c/2.jpg");
    assertTrue(
        said.getLast().startsWith("warning: 4 of the 5 names in ")
            && said.getLast().endsWith("are none of the pictures: a, b, d, …"),
        said.getLast());
  }

  @Test
  void tablesAndJsonLinesAreTakenAsCommandsWriteThem() throws IOException {
    String[] pictures = {"/data/a,b.jpg", "/data/=c.jpg", "/data/caf\u00e9.jpg", "/data/z.jpg"};
    assertEquals(
        List.of("/data/z.jpg"),
        rest(
            "list.csv",
            "truth,file,predicted\nx,\"/data/a,b.jpg\",y\nx,'=c.jpg,y\nx,file:/data/caf%C3%A9.jpg,y\n",
            pictures));
    assertEquals(
        List.of("/data/z.jpg"), rest("bare.csv", "/data/a.jpg\n", "/data/a.jpg", "/data/z.jpg"));
    assertEquals(
        List.of("/data/a,b.jpg", "/data/=c.jpg", "/data/z.jpg"),
        rest("list.jsonl", "{\"file\":\"/data/caf\u00e9.jpg\",\"truth\":\"x\"}\n\n", pictures));
    assertEquals(4, rest("none.csv", "file,truth\n", pictures).size());
  }

  @Test
  void whatIsNoListIsRefused() throws IOException {
    Path file = temp.resolve("a.csv");
    Files.writeString(file, "name,age\nx,1\n");
    fails("has no column of files", file);
    Path json = temp.resolve("a.jsonl");
    Files.writeString(json, "{\"file\":\"x\"}\n{\"name\":1}\n");
    fails("line 2 of", json);
    fails("there is no file", temp.resolve("none.txt"));
    fails("is a folder", temp);
    Files.write(temp.resolve("bytes.txt"), new byte[] {(byte) 0xff, 1});
    fails("cannot be read as a list", temp.resolve("bytes.txt"));
    assertTrue(
        assertThrows(UserError.class, () -> rest("all.txt", "/data/a\n", "/data/a"))
            .getMessage()
            .contains("leaves no picture"));
  }

  private static void fails(String part, Path file) {
    String said = assertThrows(UserError.class, () -> ExcludedPictures.read(file)).getMessage();
    assertTrue(said.contains(part), said);
  }
}
