package engine.ffi;

import engine.base.Ownership;
import engine.base.PrivateFolder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Libraries of the jar as files, in a folder that only this user and root can change.
 *
 * <p>Each is a plain file of this user's or root's that nobody else may write, and has the SHA-256
 * of what is in the jar; one that differs is replaced. To hash them at every start would take
 * longer than the start does, so the file {@code checked} holds what the libraries were when they
 * were hashed: size, inode and the time of the last change, which nobody can set. Whoever could
 * write that file could write the libraries, too.
 *
 * <p>Between this check and the moment they are loaded nobody else can put another file there: that
 * is what the folder is checked for, with every folder above it, before the files are looked at.
 */
final class UnpackedLibraries {
  private static final String CHECKED = "checked";
  private static final Duration ABANDONED = Duration.ofHours(1);

  private final Path folder;
  private final List<PackedLibrary> libraries;

  private UnpackedLibraries(Path folder, List<PackedLibrary> libraries) {
    this.folder = folder;
    this.libraries = libraries;
  }

  /**
   * Makes sure that the libraries are in a folder; returns its path without links.
   *
   * @throws IOException if they cannot be, the disk is mounted noexec, or another user could change
   *     them
   */
  static Path in(Path folder, List<PackedLibrary> libraries) throws IOException {
    Path real = PrivateFolder.make(folder);
    new UnpackedLibraries(real, libraries).ensure();
    return real;
  }

  private void ensure() throws IOException {
    if (!wereChecked()) {
      removeAbandoned();
      for (PackedLibrary l : libraries) {
        Path file = folder.resolve(l.name());
        if (!isRight(l, file)) {
          place(folder, l.name(), l::copyTo);
        }
      }
      if (Files.isWritable(folder)) {
        String now = state();
        place(folder, CHECKED, out -> out.write(now.getBytes(StandardCharsets.UTF_8)));
      }
    }
    for (PackedLibrary l : libraries) {
      Path file = folder.resolve(l.name());
      // On a disk that is mounted so, a file cannot be run whatever its mode says.
      if (!Files.isExecutable(file)
          && !(file.toFile().setExecutable(true) && Files.isExecutable(file))) {
        throw new FileSystemException(folder.toString(), null, "mounted noexec");
      }
    }
  }

  private boolean wereChecked() throws IOException {
    Path checked = folder.resolve(CHECKED);
    try {
      return Ownership.isOwn(checked) && Files.readString(checked).equals(state());
    } catch (NoSuchFileException e) {
      return false; // of a library
    }
  }

  /** What tells that a file is still the one that was looked at. */
  private String state() throws IOException {
    StringBuilder out = new StringBuilder();
    for (PackedLibrary l : libraries) {
      Path file = folder.resolve(l.name());
      Map<String, Object> a =
          Files.readAttributes(file, "unix:size,ino,ctime", LinkOption.NOFOLLOW_LINKS);
      // Not formatted: this is a part of every start.
      out.append(l.name()).append(" crc ").append(l.crc()).append(" of ").append(l.size());
      out.append(" bytes: ").append(a.get("size")).append(" bytes, inode ").append(a.get("ino"));
      long changed = ((FileTime) a.get("ctime")).to(TimeUnit.NANOSECONDS);
      out.append(", changed ").append(changed).append('\n');
    }
    return out.toString();
  }

  private static boolean isRight(PackedLibrary l, Path file) throws IOException {
    return Ownership.isOwn(file)
        && Files.size(file) == l.size()
        && MessageDigest.isEqual(digest(file), l.digest());
  }

  private static byte[] digest(Path file) throws IOException {
    MessageDigest digest = PackedLibrary.sha256();
    try (InputStream in =
        new DigestInputStream(Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS), digest)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return digest.digest();
  }

  @FunctionalInterface
  private interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /** A new file under the name, never a part of one: written beside, flushed, renamed. */
  private static void place(Path folder, String name, Content content) throws IOException {
    Path part =
        Files.createTempFile(
            folder,
            name,
            ".part",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    try {
      try (FileChannel out = FileChannel.open(part, StandardOpenOption.WRITE)) {
        content.writeTo(Channels.newOutputStream(out));
        out.force(true);
      }
      Files.move(
          part,
          folder.resolve(name),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
      try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
        names.force(true);
      }
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /** What processes that were killed have left here. */
  private void removeAbandoned() throws IOException {
    FileTime old = FileTime.from(Instant.now().minus(ABANDONED));
    try (Stream<Path> files = Files.list(folder)) {
      for (Path p : files.filter(f -> f.toString().endsWith(".part")).toList()) {
        if (Files.getLastModifiedTime(p, LinkOption.NOFOLLOW_LINKS).compareTo(old) < 0) {
          Files.deleteIfExists(p);
        }
      }
    }
  }
}
