package engine.run;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Held while a process trains in a folder; it ends with the process, however that ends. */
public record RunLock(FileChannel channel) implements AutoCloseable {
  /** Takes a lock file, which is made if need be; null if another process has it. */
  static RunLock take(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    if (tryLock(channel)) {
      return new RunLock(channel);
    }
    channel.close();
    return null;
  }

  private static boolean tryLock(FileChannel channel) {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    } catch (IOException e) {
      return true; // a file system without locks: nobody can be kept out
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
