package engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonParser;
import engine.TestPictures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What users have in their folders: each ends well, or in one sentence that says what to do. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BadInputTest {
  @TempDir static Path shared;
  private Path good;
  private Path run;

  /**
   * Class and file names with spaces and in several scripts, pictures of many sizes, some
   * unreadable.
   */
  @BeforeAll
  void trainOnAMessyFolder() throws IOException {
    good = shared.resolve("мои фото 写真");
    TestPictures.folder(good, 30, 20, "forêt & sea", "пляж", "砂漠");
    TestPictures.write(good.resolve("пляж/one pixel.png"), 1, 1, 1, 0);
    TestPictures.write(good.resolve("пляж/wide.png"), 300, 3, 2, 0);
    TestPictures.write(good.resolve("пляж/tall ё.png"), 2, 200, 3, 0);
    Files.write(good.resolve("砂漠/zero bytes.jpg"), new byte[0]);
    Files.write(good.resolve("砂漠/huge.png"), pngHeader(30_000, 30_000));
    byte[] whole = Files.readAllBytes(good.resolve("砂漠/000.png"));
    Files.write(good.resolve("砂漠/cut.png"), Arrays.copyOf(whole, whole.length / 2));
    Files.writeString(good.resolve("砂漠/notes.txt"), "no picture");
    run = shared.resolve("a run");
    CliRun trained = train(good, run, "--epochs", 2);
    trained.assertSucceeds();
    assertTrue(
        trained.out().contains("3 pictures could not be read and were left out:"), trained.out());
    for (String name :
        new String[] {
          "zero bytes.jpg: the file is empty", "huge.png: its header says 30,000x30,000", "cut.png"
        }) {
      assertTrue(trained.out().contains(name), trained.out());
    }
  }

  @Test
  void theCheckpointAnswersAndKnowsItsHeldOutPictures() {
    CliRun.of("eval", "--checkpoint", run, "--json").assertFails("2 of 20 pictures cannot be read");
    CliRun.of("eval", "--checkpoint", run, "--json", "--allow-bad-images").assertSucceeds();
    Path folder = run.resolve("checkpoints/epoch-0002");
    CliRun.of("eval", "--checkpoint", folder, "--json", "--batch", 7, "--allow-bad-images")
        .assertSucceeds();
    // The run was trained on the third.
    CliRun all =
        CliRun.of("eval", "--checkpoint", run, "--data", good, "--json", "--allow-bad-images")
            .assertSucceeds();
    JsonArray leftOut =
        JsonParser.parseString(all.out()).getAsJsonObject().getAsJsonArray("left_out");
    assertEquals(2, leftOut.size(), all.out());
    CliRun picture =
        CliRun.of("predict", "--checkpoint", run, good.resolve("пляж/one pixel.png"), "--debug")
            .assertSucceeds();
    assertTrue(picture.out().contains("砂漠"), picture.out());
  }

  @Test
  void predictGoesOnAfterAPictureItCannotRead() {
    CliRun r = CliRun.of("predict", "--checkpoint", run, good.resolve("砂漠"));
    assertEquals(1, r.code());
    assertEquals(4, r.err().lines().count(), r.err());
    assertTrue(r.err().endsWith(" was passed over: 1 .txt\n"), r.err());
    assertEquals(30, r.out().lines().count(), r.out());
    CliRun.of("predict", "--checkpoint", run, shared.resolve("none.png"))
        .assertFails("there is no file");
    CliRun.of("predict", "--checkpoint", run, run.resolve("checkpoints"))
        .assertFails("there are no pictures in");
  }

  @Test
  void foldersThatCannotBeTrainedOn() throws IOException {
    Path out = shared.resolve("never");
    train(shared.resolve("none"), out).assertFails("no folder " + shared.resolve("none"));
    Path empty = Files.createDirectories(shared.resolve("empty"));
    train(empty, out).assertFails("is empty: put the pictures into one subfolder per class");
    train(good.resolve("пляж"), out).assertFails("the pictures lie directly in");
    train(TestPictures.folder(shared.resolve("single"), 3, 8, "one"), out)
        .assertFails("has only one class, 'one'");
    train(TestPictures.folder(shared.resolve("singles"), 1, 8, "a", "b"), out)
        .assertFails("every class of " + shared.resolve("singles") + " has a single picture");
    train(good.resolve("пляж/000.png"), out).assertFails("is a file, not a folder");
    Path other = shared.resolve("other");
    TestPictures.folder(other.resolve("train"), 4, 8, "a", "b");
    TestPictures.folder(other.resolve("val"), 2, 8, "a", "c");
    train(other, out).assertFails("the class 'c' (2) of " + other.resolve("val") + " is not among");
    assertFalse(Files.exists(out), "no run folder is left behind");
  }

  @Test
  void aClassOfOnePictureIsTrainedOnWithAWarning() throws IOException {
    Path data = TestPictures.folder(shared.resolve("uneven"), 8, 8, "a", "b");
    TestPictures.folder(data, 1, 8, "c");
    CliRun r = train(data, shared.resolve("uneven run"), "--epochs", 1).assertSucceeds();
    assertTrue(r.out().contains("only one picture of c"), r.out());
  }

  @Test
  void tooManyUnreadablePicturesStopARunUnlessAllowed() throws IOException {
    Path data = TestPictures.folder(shared.resolve("rotten"), 10, 8, "a", "b");
    for (int i = 0; i < 6; i++) {
      Files.writeString(data.resolve("a/00" + i + ".png"), "rotten");
    }
    Path out = shared.resolve("rotten run");
    train(data, out).assertFails("cannot be read, more than 5%");
    CliRun allowed =
        train(data, shared.resolve("rotten run 2"), "--allow-bad-images", "--epochs", 1)
            .assertSucceeds();
    assertTrue(allowed.out().contains("6 pictures could not be read"), allowed.out());
    for (int i = 0; i < 10; i++) {
      Files.writeString(data.resolve("a/00" + i + ".png"), "rotten");
      Files.writeString(data.resolve("b/00" + i + ".png"), "rotten");
    }
    train(data, shared.resolve("rotten run 3"), "--allow-bad-images")
        .assertFails("can be read; the first is");
  }

  @Test
  void aBatchOfOneIsRefusedWhereNormsHaveNoVariance() throws IOException {
    Path data = TestPictures.folder(shared.resolve("few"), 3, 8, "a", "b");
    train(data, shared.resolve("few run"), "--batch", 1)
        .assertFails("use --batch 2 or more, or a larger --image-size");
    train(data, shared.resolve("few run"), "--batch", 512, "--epochs", 1).assertSucceeds();
    train(data, shared.resolve("few run 2"), "--batch", 1, "--image-size", 40, "--epochs", 1)
        .assertSucceeds();
  }

  @Test
  void whatIsThereAlreadyIsNotOverwritten() throws IOException {
    train(good, run)
        .assertFails(run + " holds a run already: choose another --out, or go on with --resume");
    Path file = Files.writeString(shared.resolve("file"), "x");
    train(good, file).assertFails(file + " is a file, not a folder: choose another --out");
    train(good, file.resolve("below")).assertFails("choose another --out");
    train(good, Path.of("/proc/run")).assertFails("choose another --out");
  }

  @Test
  void checkpointsThatAreNone() throws IOException {
    Path none = shared.resolve("no checkpoint");
    CliRun.of("eval", "--checkpoint", none).assertFails("there is no checkpoint " + none);
    Path bare = Files.createDirectories(shared.resolve("bare"));
    CliRun.of("eval", "--checkpoint", bare).assertFails("holds no finished checkpoint");
    CliRun.of("predict", "--checkpoint", good.resolve("пляж/000.png"), "x.png")
        .assertFails("x.png");
    CliRun.of("eval", "--checkpoint", good.resolve("пляж/000.png")).assertFails("is a PNG picture");
    train(good, shared.resolve("w"), "--weights", none)
        .assertFails("there is no checkpoint " + none);
    Path two = TestPictures.folder(shared.resolve("two classes"), 4, 8, "a", "b");
    assertFalse(Files.exists(shared.resolve("w")));
    CliRun.of("eval", "--checkpoint", run, "--data", two).assertFails("no class of " + two);
    Path model = run.resolve("checkpoints/epoch-0002/model.safetensors");
    byte[] bytes = Files.readAllBytes(model);
    Path copy = shared.resolve("copy.safetensors");
    for (int at : new int[] {3, 100, bytes.length / 2, bytes.length - 1}) {
      byte[] flipped = bytes.clone();
      flipped[at] ^= 1;
      CliRun.of("eval", "--checkpoint", Files.write(copy, flipped), "--data", good)
          .assertFails("copy.safetensors");
    }
    Files.write(copy, Arrays.copyOf(bytes, bytes.length - 100));
    CliRun.of("eval", "--checkpoint", copy, "--data", good).assertFails("cut short");
  }

  @Test
  void aResumedRunSaysThatItsPicturesAreGone() throws IOException {
    Path data = TestPictures.folder(shared.resolve("leaves"), 8, 8, "a", "b");
    Path out = shared.resolve("left");
    train(data, out, "--epochs", 1).assertSucceeds();
    Path moved = Files.move(data, shared.resolve("went"));
    CliRun.of("train", "--json", "--resume", out)
        .assertFails("the pictures of this run are gone from " + data);
    CliRun.of("train", "--json", "--resume", out, "--data", moved).assertSucceeds();
    CliRun.of("train", "--json", "--resume", out).assertSucceeds(); // it knows now
    Files.delete(moved.resolve("a/000.png"));
    CliRun.of("train", "--json", "--resume", out).assertFails("the data of this run has changed");
  }

  /** A network of a moment on 8x8 pixels. */
  private static CliRun train(Path data, Path out, Object... more) {
    List<Object> args =
        new ArrayList<>(
            List.of(
                "train",
                "--data",
                data,
                "--out",
                out,
                "--json",
                "--model",
                "resnet18",
                "--width",
                0.0625));
    List<Object> given = List.of(more);
    for (Object[] d : new Object[][] {{"--image-size", 8}, {"--batch", 8}, {"--workers", 1}}) {
      if (!given.contains(d[0])) {
        args.addAll(List.of(d));
      }
    }
    args.addAll(given);
    return CliRun.of(args.toArray());
  }

  /** A PNG with a header of this size and nothing in its data. */
  private static byte[] pngHeader(int width, int height) {
    ByteBuffer b = ByteBuffer.allocate(45);
    b.put("\u0089PNG\r\n\u001a\n".getBytes(StandardCharsets.ISO_8859_1));
    b.putInt(13).put("IHDR".getBytes(StandardCharsets.US_ASCII));
    b.putInt(width).putInt(height).put(new byte[] {8, 2, 0, 0, 0});
    CRC32 crc = new CRC32();
    crc.update(b.array(), 12, 17);
    b.putInt((int) crc.getValue());
    return b.putInt(0).put("IDAT".getBytes(StandardCharsets.US_ASCII)).putInt(0x35af061e).array();
  }
}
