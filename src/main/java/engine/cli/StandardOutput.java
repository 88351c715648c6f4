package engine.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/**
 * Standard output, of which no byte is lost unnoticed: the first write that fails, and every one
 * after it, throws a {@link LostOutputException}, where a {@link java.io.PrintStream} would say
 * nothing and a full disk would end with exit code 0.
 *
 * <p>What follows is the same for every command, since {@link Main} hands this out and looks at
 * {@link #failure} in the end:
 *
 * <ul>
 *   <li>A reader that went away ({@code | head -1}) wanted no more. The command ends at once and
 *       quietly with {@value #CLOSED_PIPE}, what a shell says of {@code cat} in its place.
 *   <li>Anything else (a full disk, a closed descriptor) is a failure: a sentence, and exit code 1.
 *   <li>A training does not lose its work: what it prints only tells of what it writes into the run
 *       folder. It ends as after Ctrl-C, saved to go on with, rather than going on for hours with
 *       nobody to see it: whoever closed the pipe meant to stop it, as with any other program, and
 *       a full disk would soon stop the checkpoints, too. See {@link MutedListener}.
 * </ul>
 */
final class StandardOutput extends OutputStream {
  /** 128 and SIGPIPE's number. */
  static final int CLOSED_PIPE = 141;

  private static final long RETRY_NANOS = 5_000_000L;

  private final WritableByteChannel channel;
  private final boolean pipe;
  private volatile LostOutputException failure;

  /**
   * @param pipe whether a write can only fail because nobody reads
   */
  StandardOutput(WritableByteChannel channel, boolean pipe) {
    this.channel = channel;
    this.pipe = pipe;
  }

  /** The process's own. */
  @SuppressWarnings("resource") // closed by the system
  static StandardOutput ofProcess() {
    return new StandardOutput(new FileOutputStream(FileDescriptor.out).getChannel(), isPipe());
  }

  /** Asked of the system: the words of an error depend on the locale. */
  private static boolean isPipe() {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
      return target.startsWith("pipe:") || target.startsWith("socket:");
    } catch (IOException e) {
      return false;
    }
  }

  /** What went wrong, or null. */
  LostOutputException failure() {
    return failure;
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int from, int length) {
    if (failure != null) {
      throw failure;
    }
    ByteBuffer left = ByteBuffer.wrap(bytes, from, length);
    try {
      while (left.hasRemaining()) {
        if (channel.write(left) == 0) {
          LockSupport.parkNanos(RETRY_NANOS); // somebody made it non-blocking, and it is full
        }
      }
    } catch (IOException e) {
      failure = new LostOutputException(e, pipe);
      throw failure;
    }
  }
}
