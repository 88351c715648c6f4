package engine.data.loader;

import engine.base.Ownership;
import engine.data.image.PixelImage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;

/**
 * Decoded pictures in one file: a table with an entry a picture, then pixels in the order in which
 * they came. Written through the channel, so that a full disk is an exception and not a fault; read
 * through maps of whole chunks. Safe for several threads of one process; a lock keeps other
 * processes out.
 *
 * <p>An entry, little-endian: offset of the pixels (8 bytes, 0 for none), size and time of change
 * of the picture's file (8, 8), width, height, channels, CRC-32C of the pixels (4 each).
 */
final class PictureStore {
  /**
   * What a picture's file looked like: bytes, and nanoseconds from 1970 to its last change of any
   * kind, which the system counts for itself: no program can set it back, as one can the time of
   * modification. Not the inode: some network file systems give a file another one every time.
   */
  record Stamp(long size, long changed) {
    static Stamp of(Path file) throws IOException {
      Map<String, Object> a = Files.readAttributes(file, "unix:size,ctime");
      return new Stamp((long) a.get("size"), ((FileTime) a.get("ctime")).to(TimeUnit.NANOSECONDS));
    }
  }

  private static final int ENTRY = 40;
  private static final long CHUNK = 256L << 20;

  private final Path file;
  private final FileChannel channel;
  private final int pictures;
  private final List<MemorySegment> chunks = new ArrayList<>();
  private long end;

  private PictureStore(Path file, FileChannel channel, int pictures) throws IOException {
    this.file = file;
    this.channel = channel;
    this.pictures = pictures;
    this.end = Math.max(channel.size(), (long) pictures * ENTRY);
  }

  /**
   * Opens or makes the file for that many pictures. It stays open, and locked, until the process
   * ends.
   *
   * @throws IOException if it cannot be written or another process has it
   */
  static PictureStore open(Path file, int pictures) throws IOException {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !Ownership.isOwn(file)) {
      throw new IOException("another user can write this file: delete it");
    }
    FileChannel channel =
        FileChannel.open(
            file,
            Set.of(
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")));
    try {
      FileLock lock = channel.tryLock();
      if (lock == null) {
        throw new IOException("another run is filling this cache");
      }
      return new PictureStore(file, channel, pictures);
    } catch (OverlappingFileLockException e) {
      channel.close();
      throw new IOException("another run of this process is filling this cache", e);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** Picture {@code i}, or null if it is not here, not of this file any more, or damaged. */
  PixelImage get(int i, Stamp stamp) throws IOException {
    ByteBuffer e = entry(i);
    long offset = e.getLong();
    if (offset == 0 || !new Stamp(e.getLong(), e.getLong()).equals(stamp)) {
      return null;
    }
    int width = e.getInt();
    int height = e.getInt();
    int channels = e.getInt();
    int crc = e.getInt();
    long bytes = (long) width * height * channels;
    if (width <= 0 || height <= 0 || channels <= 0 || bytes > CHUNK || offset + bytes > end()) {
      return null;
    }
    byte[] pixels = new byte[(int) bytes];
    MemorySegment chunk = chunk(offset / CHUNK);
    try {
      MemorySegment.copy(chunk, ValueLayout.JAVA_BYTE, offset % CHUNK, pixels, 0, pixels.length);
    } catch (InternalError x) {
      // What the JVM makes of SIGBUS: the mapped file has become shorter, or its disk fails.
      throw new IOException("the file was cut short or its disk fails", x);
    }
    return crc(pixels) == crc ? new PixelImage(width, height, channels, pixels) : null;
  }

  /** Keeps a picture, in the place of the one that was here before if that has the room. */
  void put(int i, Stamp stamp, PixelImage picture) throws IOException {
    byte[] pixels = picture.data();
    if (pixels.length > CHUNK) {
      return;
    }
    long offset = placeOf(i, pixels.length);
    write(ByteBuffer.wrap(pixels), offset);
    ByteBuffer e =
        ByteBuffer.allocate(ENTRY)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(offset)
            .putLong(stamp.size())
            .putLong(stamp.changed())
            .putInt(picture.width())
            .putInt(picture.height())
            .putInt(picture.channels())
            .putInt(crc(pixels))
            .flip();
    write(e, (long) i * ENTRY);
  }

  private synchronized long end() {
    return end;
  }

  private long placeOf(int i, int bytes) throws IOException {
    ByteBuffer e = entry(i);
    long offset = e.getLong();
    e.position(e.position() + 2 * Long.BYTES);
    long room = (long) e.getInt() * e.getInt() * e.getInt();
    boolean fits = offset >= (long) pictures * ENTRY && bytes <= room && offset + room <= end();
    return fits && offset / CHUNK == (offset + bytes - 1) / CHUNK ? offset : place(bytes);
  }

  /** Room for pixels that no chunk boundary cuts. */
  private synchronized long place(int bytes) {
    long offset = end;
    if (offset / CHUNK != (offset + bytes - 1) / CHUNK) {
      offset = (offset / CHUNK + 1) * CHUNK;
    }
    end = offset + bytes;
    return offset;
  }

  /** Read-only memory over a chunk, of which the part that was written may be read. */
  private synchronized MemorySegment chunk(long index) throws IOException {
    while (chunks.size() <= index) {
      chunks.add(null);
    }
    MemorySegment s = chunks.get((int) index);
    if (s == null) {
      long whole = (index + 1) * CHUNK;
      if (channel.size() < whole) {
        // A hole to the end of the chunk takes no disk, and lets all of it be mapped once.
        write(ByteBuffer.allocate(1), whole - 1);
      }
      s = channel.map(FileChannel.MapMode.READ_ONLY, index * CHUNK, CHUNK, Arena.ofAuto());
      chunks.set((int) index, s);
    }
    return s;
  }

  private ByteBuffer entry(int i) throws IOException {
    ByteBuffer e = ByteBuffer.allocate(ENTRY).order(ByteOrder.LITTLE_ENDIAN);
    long at = (long) i * ENTRY;
    while (e.hasRemaining() && channel.read(e, at + e.position()) > 0) {
      // the rest
    }
    return e.position(0).limit(ENTRY);
  }

  private void write(ByteBuffer bytes, long offset) throws IOException {
    long at = offset;
    while (bytes.hasRemaining()) {
      at += channel.write(bytes, at);
    }
  }

  private static int crc(byte[] pixels) {
    CRC32C crc = new CRC32C();
    crc.update(pixels);
    return (int) crc.getValue();
  }

  @Override
  public String toString() {
    return file + " (" + pictures + " pictures)";
  }
}
