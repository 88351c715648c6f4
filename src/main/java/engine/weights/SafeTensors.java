package engine.weights;

import engine.base.Setting;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads and writes safetensors files: an 8-byte little-endian header length, a JSON header, raw
 * little-endian data (<a href="https://github.com/huggingface/safetensors#format">format</a>).
 *
 * <p>The reader is as strict as the official one, so that a file accepted here loads in Python too:
 * the tensors must cover the data without a hole, an overlap or a byte left over. {@link
 * SafeTensorsHeader} holds those checks. Files of this writer that have metadata carry a checksum
 * in it, see {@link FileChecksum}.
 */
public final class SafeTensors {
  /** Files up to this size are read; larger ones are mapped, so that only touched pages load. */
  private static final long MAP_ABOVE_BYTES = 1 << 20;

  private SafeTensors() {}

  /**
   * A file's tensors, in the order of its header, and its {@code __metadata__}.
   *
   * @param others tensors of types that are not computed with, such as F8_E4M3, by name
   */
  public record Contents(
      Map<String, HostTensor> tensors,
      Map<String, String> metadata,
      Map<String, OtherTensor> others) {}

  /** A tensor whose values are not read. */
  public record OtherTensor(String type, Shape shape, long bytes) {}

  /**
   * Reads a whole file. The tensors are views of one native memory block that lives as long as any
   * of them; of a mapped file they stay valid when the file is replaced by a rename.
   *
   * @throws WeightsException when the file is missing, damaged or holds an unsupported type
   */
  public static Contents read(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new WeightsException(
          file,
          "is a folder, not a safetensors file: name the file in it, such as model.safetensors");
    }
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      // A pipe could keep the command waiting for ever.
      throw new WeightsException(file, "is a pipe or a device, not a safetensors file");
    }
    try (FileChannel channel = FileChannel.open(file)) {
      long size = channel.size();
      MemorySegment all = size > MAP_ABOVE_BYTES ? map(channel, size) : load(file, channel, size);
      refuseOthers(file, all);
      SafeTensorsHeader header = SafeTensorsHeader.parse(file, all);
      if (!FileChecksum.holds(all, header)) {
        throw SafeTensorsHeader.damaged(
            file,
            "its checksum does not fit its contents (if another program changed it on purpose,"
                + " remove engine.crc32c from its metadata)");
      }
      Map<String, HostTensor> tensors = new LinkedHashMap<>();
      Map<String, OtherTensor> others = new LinkedHashMap<>();
      for (SafeTensorsHeader.Entry e : header.entries()) {
        if (e.dtype() == null) {
          others.put(e.name(), new OtherTensor(e.type(), e.shape(), e.end() - e.begin()));
          continue;
        }
        MemorySegment data = all.asSlice(header.dataStart() + e.begin(), e.end() - e.begin());
        tensors.put(e.name(), new HostTensor(e.dtype(), e.shape(), data));
      }
      return new Contents(tensors, FileChecksum.without(header.metadata()), others);
    } catch (NoSuchFileException e) {
      throw new WeightsException(file, "there is no such file", e);
    }
  }

  /** What {@link WeightsFile} takes and this does not, and what is too short to have a header. */
  private static void refuseOthers(Path file, MemorySegment all) throws IOException {
    if (Pth.isZip(all) || Pth.isLegacy(all)) {
      WeightsFile.read(file); // says more if it is something else again
      throw new WeightsException(
          file,
          "is a file of torch.save, which does not say what model it is of: start from it with engine train "
              + Setting.WEIGHTS);
    }
    if (all.byteSize() < Long.BYTES) {
      String kind = FileKind.of(all);
      throw new WeightsException(
          file,
          all.byteSize() == 0
              ? kind
              : "is not a safetensors file: it has %d bytes, fewer than a header"
                  .formatted(all.byteSize()));
    }
  }

  /**
   * Writes a file atomically (see {@link AtomicFiles}). The header keeps the order of {@code
   * tensors}; the data is sorted by falling element size, which aligns every tensor to its type.
   *
   * @throws WeightsException when the disk is full or a name is not allowed
   */
  public static void write(Path file, Map<String, HostTensor> tensors, Map<String, String> metadata)
      throws IOException {
    List<Map.Entry<String, HostTensor>> inDataOrder = new ArrayList<>(tensors.entrySet());
    inDataOrder.sort(Comparator.comparingInt(e -> -e.getValue().dtype().bytes()));
    Map<String, Long> offsets = new LinkedHashMap<>();
    long end = 0;
    for (var e : inDataOrder) {
      offsets.put(e.getKey(), end);
      end += e.getValue().data().byteSize();
    }
    List<MemorySegment> data = inDataOrder.stream().map(e -> e.getValue().data()).toList();
    byte[] header =
        SafeTensorsHeader.format(file, tensors, offsets, FileChecksum.withRoom(metadata));
    FileChecksum.fillIn(header, data);
    AtomicFiles.replace(
        file,
        out -> {
          ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
          AtomicFiles.writeFully(out, length.putLong(header.length).flip());
          AtomicFiles.writeFully(out, ByteBuffer.wrap(header));
          for (MemorySegment d : data) {
            for (ByteBuffer chunk : Chunks.of(d)) {
              AtomicFiles.writeFully(out, chunk);
            }
          }
        });
  }

  private static MemorySegment map(FileChannel channel, long size) throws IOException {
    return channel.map(FileChannel.MapMode.READ_ONLY, 0, size, Arena.ofAuto());
  }

  private static MemorySegment load(Path file, FileChannel channel, long size) throws IOException {
    MemorySegment all = Arena.ofAuto().allocate(size, 64);
    ByteBuffer into = all.asByteBuffer();
    while (into.hasRemaining()) {
      if (channel.read(into) < 0) {
        throw new WeightsException(file, "became shorter while it was read; try again");
      }
    }
    return all.asReadOnly();
  }
}
