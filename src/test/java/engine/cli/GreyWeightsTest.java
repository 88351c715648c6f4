package engine.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.TestPictures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights of colour pictures for grey ones, and the other way round. */
final class GreyWeightsTest {
  @TempDir Path temp;

  private CliRun train(String data, String out, Object... more) {
    List<Object> line = new ArrayList<>(List.of("train", "--json", "--data", data, "--out"));
    line.addAll(List.of(temp.resolve(out), "--model", "resnet18", "--width", 0.0625));
    line.addAll(List.of("--image-size", 32, "--batch", 10, "--epochs", 1, "--workers", 0));
    line.addAll(List.of(more));
    return CliRun.of(line.toArray()).assertSucceeds();
  }

  private void idx(String name, int magic, int... dims) throws IOException {
    int values = 1;
    ByteBuffer head = ByteBuffer.allocate(4 + 4 * dims.length).putInt(magic);
    for (int d : dims) {
      head.putInt(d);
      values *= d;
    }
    byte[] all = new byte[head.capacity() + values];
    System.arraycopy(head.array(), 0, all, 0, head.capacity());
    for (int i = 0; i < values; i++) {
      all[head.capacity() + i] = (byte) (i % 10);
    }
    Files.write(temp.resolve(name), all);
  }

  @Test
  void weightsSayHowManyChannelsPicturesHave() throws IOException {
    for (String part : List.of("train", "t10k")) {
      idx(part + "-images-idx3-ubyte", 0x803, 20, 28, 28);
      idx(part + "-labels-idx1-ubyte", 0x801, 20);
    }
    String grey = "fashion-mnist:" + temp;
    Path colour = TestPictures.folder(temp.resolve("colour"), 5, 32, "a", "b");
    train(colour.toString(), "of-colour");
    // Weights say how many channels their pictures have, and pictures are made so.
    CliRun r = train(grey, "of-grey", "--weights", temp.resolve("of-colour"));
    assertTrue(r.out().contains("the network sees each as three equal colour channels"), r.out());
    assertTrue(r.out().contains("120 tensors loaded"), r.out());
    train(grey, "grey-alone");
    r = train(colour.toString(), "back", "--weights", temp.resolve("grey-alone"));
    assertTrue(r.out().contains("they are made grey by luma"), r.out());
    assertTrue(r.out().contains("120 tensors loaded"), r.out());
  }
}
