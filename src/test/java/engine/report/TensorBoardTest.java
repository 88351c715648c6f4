package engine.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorBoardTest {
  private static final double T = 1700000000.25;
  private static final long STEP = 123456789012L;

  @TempDir Path folder;

  /** reference.tfevents is made by reference_events.py with TensorBoard's own writer. */
  @Test
  void recordsEqualTensorBoardsOwnToTheByte() throws Exception {
    Map<String, Double> scalars = new LinkedHashMap<>();
    scalars.put("loss/train", 0.625);
    scalars.put("lr", 3e-4);
    byte[] picture = new byte[256];
    for (int i = 0; i < 256; i++) {
      picture[i] = (byte) i;
    }
    Histogram histogram = Histogram.of(new float[] {-1, 0.25f, 0.5f, 1.25f, 0.75f, 3}, 4);
    assertArrayEquals(new double[] {0, 1, 2, 3}, histogram.upperEdges());
    Histogram drawn =
        new Histogram(-1, 3, 6, 4.5, 14.25, new double[] {0, 1, 2, 3}, new double[] {1, 2, 2, 1});
    List<byte[]> events =
        List.of(
            TensorBoardEvents.fileVersion(T),
            TensorBoardEvents.sessionStart(T, 7),
            TensorBoardEvents.summary(T, STEP, TensorBoardEvents.scalars(scalars)),
            TensorBoardEvents.summary(
                T, STEP, List.of(TensorBoardEvents.image("augmented/0", picture, 300, 2))),
            TensorBoardEvents.summary(
                T, STEP, List.of(TensorBoardEvents.histogram("weights/fc", drawn))),
            TensorBoardEvents.summary(
                T, STEP, List.of(TensorBoardEvents.text("config", "**lr** 3e-4 – ü"))));
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] e : events) {
      all.write(TfRecord.frame(e).array());
    }
    byte[] want;
    try (var in = getClass().getResourceAsStream("reference.tfevents")) {
      want = in.readAllBytes();
    }
    assertArrayEquals(want, all.toByteArray());
  }

  @Test
  void histogramCountsEveryFiniteValueOnce() {
    float[] values = {-1, -1, 0, 1, 3, Float.NaN, Float.POSITIVE_INFINITY};
    Histogram h = Histogram.of(values, 4);
    assertArrayEquals(new double[] {2, 1, 1, 1}, h.counts());
    assertEquals(5, h.count());
    assertEquals(2, h.sum());
    assertEquals(12, h.sumOfSquares());
    assertEquals(1, Histogram.of(new float[] {5, 5}, 4).counts().length);
    assertEquals(0, Histogram.of(new float[0], 4).count());
  }

  @Test
  void eventsAreOnDiskBeforeTheWriterIsClosed() throws Exception {
    try (TensorBoardWriter w = TensorBoardWriter.create(folder)) {
      w.scalar("loss", 3, 0.5);
      assertEquals(2, records(w.file()).size());
      BufferedImage image = new BufferedImage(5, 4, BufferedImage.TYPE_INT_RGB);
      image.setRGB(1, 2, 0x123456);
      w.image("picture", 3, image);
      byte[] png = field(field(field(records(w.file()).get(2), 5), 1), 4);
      png = field(png, 4);
      assertEquals(0xff123456, ImageIO.read(new ByteArrayInputStream(png)).getRGB(1, 2));
    }
  }

  @Test
  void aResumedRunWritesANewFileAndPurgesLaterSteps() throws Exception {
    try (TensorBoardWriter first = TensorBoardWriter.create(folder);
        TensorBoardWriter second = TensorBoardWriter.resume(folder, 41)) {
      first.scalar("loss", 40, 1);
      second.scalar("loss", 41, 1);
      assertNotEquals(first.file(), second.file());
      assertTrue(second.file().getFileName().toString().startsWith("events.out.tfevents."));
      byte[] session = records(second.file()).get(1);
      assertArrayEquals(new byte[] {8, 1}, field(session, 7));
    }
  }

  /** The payloads of a TFRecord file; fails where a checksum is wrong. */
  private static List<byte[]> records(Path file) throws Exception {
    ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    List<byte[]> out = new ArrayList<>();
    while (in.hasRemaining()) {
      byte[] data = new byte[(int) in.getLong(in.position())];
      byte[] length = new byte[8];
      in.get(length);
      assertEquals(TfRecord.maskedCrc(length, 8), in.getInt());
      in.get(data);
      assertEquals(TfRecord.maskedCrc(data, data.length), in.getInt());
      out.add(data);
    }
    return out;
  }

  /** The bytes of the length-delimited field {@code number} of a message. */
  private static byte[] field(byte[] message, int number) throws Exception {
    CodedInputStream in = CodedInputStream.newInstance(message);
    for (int tag; (tag = in.readTag()) != 0; ) {
      if (WireFormat.getTagFieldNumber(tag) == number) {
        return in.readByteArray();
      }
      in.skipField(tag);
    }
    throw new AssertionError("no field " + number);
  }
}
