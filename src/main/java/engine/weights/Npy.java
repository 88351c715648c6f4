package engine.weights;

import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads NumPy's {@code .npy} files, versions 1 to 3: a magic word, a Python dictionary with type,
 * order and shape, and the raw values (<a
 * href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">format</a>).
 * Fortran order and big-endian values are turned to row-major, little-endian ones.
 */
public final class Npy {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int MAX_HEADER_BYTES = 1 << 20;

  private static final Map<String, DType> TYPES =
      Map.of(
          "f8", DType.F64,
          "f4", DType.F32,
          "f2", DType.F16,
          "i8", DType.I64,
          "i4", DType.I32,
          "i2", DType.I16,
          "i1", DType.I8,
          "u1", DType.U8,
          "b1", DType.BOOL);

  private static final Pattern DESCR = Pattern.compile("'descr'\\s*:\\s*'([<>|=])(\\w+)'");
  private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
  private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([\\d,\\s]*)\\)");

  private Npy() {}

  /**
   * Reads the array of a file.
   *
   * @throws WeightsException when the file is missing, damaged or of a type there is none for here
   */
  public static HostTensor read(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new WeightsException(file, "is a folder, not a .npy file");
    }
    try (FileChannel channel = FileChannel.open(file)) {
      return read(
          file, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto()));
    } catch (NoSuchFileException e) {
      throw new WeightsException(file, "there is no such file", e);
    }
  }

  private static HostTensor read(Path file, MemorySegment all) throws WeightsException {
    long size = all.byteSize();
    if (size < 12 || !Arrays.equals(all.asSlice(0, 6).toArray(ValueLayout.JAVA_BYTE), MAGIC)) {
      throw new WeightsException(file, "is not a .npy file: its first bytes are not NumPy's");
    }
    int version = all.get(ValueLayout.JAVA_BYTE, 6);
    int start = version == 1 ? 10 : 12;
    long length =
        version == 1
            ? all.get(ValueLayout.JAVA_SHORT_UNALIGNED, 8) & 0xffff
            : all.get(ValueLayout.JAVA_INT_UNALIGNED, 8) & 0xffffffffL;
    if (version < 1 || version > 3 || length > MAX_HEADER_BYTES || length > size - start) {
      throw new WeightsException(
          file, "is damaged: its header does not fit, or is of a later version");
    }
    ByteBuffer bytes = all.asSlice(start, length).asByteBuffer();
    String header = StandardCharsets.UTF_8.decode(bytes).toString();
    Matcher descr = find(file, DESCR, header, "type");
    DType dtype = TYPES.get(descr.group(2));
    if (dtype == null) {
      throw new WeightsException(
          file,
          "holds values of NumPy's type %s, which is not read here".formatted(descr.group(2)));
    }
    Shape shape = shape(file, find(file, SHAPE, header, "shape").group(1));
    MemorySegment data = all.asSlice(start + length);
    checkSize(file, dtype, shape, data.byteSize());
    boolean fortran = find(file, ORDER, header, "order").group(1).equals("True");
    boolean swap = descr.group(1).equals(">") && dtype.bytes() > 1;
    return fortran || swap
        ? rearranged(dtype, shape, data, fortran, swap)
        : new HostTensor(dtype, shape, data);
  }

  private static Matcher find(Path file, Pattern pattern, String header, String what)
      throws WeightsException {
    Matcher m = pattern.matcher(header);
    if (!m.find()) {
      throw new WeightsException(
          file, "has a header whose " + what + " is not understood; it holds one plain array?");
    }
    return m;
  }

  private static Shape shape(Path file, String text) throws WeightsException {
    try {
      return Shape.of(
          Stream.of(text.split(","))
              .map(String::strip)
              .filter(s -> !s.isEmpty())
              .mapToLong(Long::parseLong)
              .toArray());
    } catch (NumberFormatException e) {
      throw new WeightsException(file, "is damaged: its shape is (" + text + ")", e);
    }
  }

  private static void checkSize(Path file, DType dtype, Shape shape, long bytes)
      throws WeightsException {
    long needed;
    try {
      needed = Math.multiplyExact(shape.elements(), dtype.bytes());
    } catch (ArithmeticException e) {
      throw new WeightsException(file, "is damaged: its shape " + shape + " is beyond 64 bits", e);
    }
    if (needed != bytes) {
      throw new WeightsException(
          file,
          "is damaged: %s of shape %s needs %d bytes, but it has %d"
              .formatted(dtype, shape, needed, bytes));
    }
  }

  private static HostTensor rearranged(
      DType dtype, Shape shape, MemorySegment from, boolean fortran, boolean swap) {
    HostTensor out = HostTensor.zeros(dtype, shape);
    int width = dtype.bytes();
    long[] index = new long[shape.rank()];
    for (long i = 0; i < shape.elements(); i++) {
      long source = fortran ? columnMajor(index, shape) : i;
      for (int b = 0; b < width; b++) {
        byte value = from.get(ValueLayout.JAVA_BYTE, source * width + (swap ? width - 1 - b : b));
        out.data().set(ValueLayout.JAVA_BYTE, i * width + b, value);
      }
      for (int axis = index.length - 1; axis >= 0 && ++index[axis] == shape.dim(axis); axis--) {
        index[axis] = 0;
      }
    }
    return out;
  }

  private static long columnMajor(long[] index, Shape shape) {
    long at = 0;
    for (int axis = index.length - 1; axis >= 0; axis--) {
      at = at * shape.dim(axis) + index[axis];
    }
    return at;
  }
}
