package engine.base;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Folders for what is loaded as code, or trusted as weights: no other user can change them. */
public final class PrivateFolder {
  private static final Set<PosixFilePermission> OURS = PosixFilePermissions.fromString("rwx------");

  private PrivateFolder() {}

  /**
   * Makes a folder, and those above it that are missing, for this user alone; one that is there is
   * closed to others if it is this user's.
   *
   * @return its path without links, which is the one to use from here on
   * @throws IOException if it cannot be made or another user could change what is in it; the reason
   *     of a {@link FileSystemException} says why
   */
  public static Path make(Path folder) throws IOException {
    Path above = folder.toAbsolutePath().getParent();
    while (above != null && !Files.exists(above)) {
      above = above.getParent();
    }
    refuse(folder, above == null ? null : Ownership.doubtInside(above));
    Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(OURS));
    Path real = folder.toRealPath();
    if ((int) Ownership.attributes(real, "uid").get("uid") == Ownership.user()
        && !Files.getPosixFilePermissions(real).equals(OURS)) {
      Files.setPosixFilePermissions(real, OURS);
    }
    refuse(folder, Ownership.doubt(folder));
    return real;
  }

  private static void refuse(Path folder, String doubt) throws FileSystemException {
    if (doubt != null) {
      throw new FileSystemException(folder.toString(), null, doubt);
    }
  }
}
