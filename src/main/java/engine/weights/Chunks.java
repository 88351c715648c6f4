package engine.weights;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.stream.LongStream;

/** Memory of any size as buffers, which hold at most 2 GiB. */
public final class Chunks {
  private static final long CHUNK_BYTES = 64 << 20;

  private Chunks() {}

  /** The bytes of {@code data} from front to back; to be iterated once. */
  public static Iterable<ByteBuffer> of(MemorySegment data) {
    Iterator<ByteBuffer> chunks =
        LongStream.iterate(0, at -> at < data.byteSize(), at -> at + CHUNK_BYTES)
            .mapToObj(at -> buffer(data.asSlice(at, Math.min(CHUNK_BYTES, data.byteSize() - at))))
            .iterator();
    return () -> chunks;
  }

  private static ByteBuffer buffer(MemorySegment chunk) {
    boolean bytes = chunk.isNative() || chunk.heapBase().orElse(null) instanceof byte[];
    // A float[] has no byte view: such a chunk takes one copy.
    MemorySegment source =
        bytes ? chunk : MemorySegment.ofArray(chunk.toArray(ValueLayout.JAVA_BYTE));
    return source.asByteBuffer();
  }
}
