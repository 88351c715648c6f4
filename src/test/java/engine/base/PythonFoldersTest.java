package engine.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PythonFoldersTest {
  @TempDir private Path root;

  @Test
  void theFirstPython3OnThePathTellsItsPrefixAndIsNotStarted() throws IOException {
    Path marker = root.resolve("started");
    python("venv/bin", "#!/bin/sh\ntouch " + marker + "\n");
    Files.writeString(root.resolve("venv/pyvenv.cfg"), "home = " + root + "/base/bin\n");
    lib("venv");
    lib("base");
    assertEquals(
        List.of(root.resolve("venv")), prefixes("PATH", root + "/none:" + root + "/venv/bin"));
    Files.writeString(
        root.resolve("venv/pyvenv.cfg"),
        "home = " + root + "/base/bin\ninclude-system-site-packages = true\n");
    assertEquals(
        List.of(root.resolve("venv"), root.resolve("base")), prefixes("PATH", root + "/venv/bin"));
    assertFalse(Files.exists(marker), "python3 was started");
  }

  @Test
  void aLinkIsFollowedToWhereThePythonIs() throws IOException {
    Path real = python("opt/py/bin", "");
    lib("opt/py");
    Files.createDirectories(root.resolve("bin"));
    Files.createSymbolicLink(root.resolve("bin/python3"), real);
    assertEquals(List.of(root.resolve("opt/py")), prefixes("PATH", root + "/bin"));
  }

  @Test
  void pyenvsScriptLeadsToTheVersionThatIsChosen() throws IOException {
    python(".pyenv/shims", "#!/bin/sh\n");
    lib(".pyenv/versions/3.12.4");
    Files.writeString(root.resolve(".pyenv/version"), "3.12.4\n");
    assertEquals(
        List.of(root.resolve(".pyenv/versions/3.12.4")), prefixes("PATH", root + "/.pyenv/shims"));
  }

  @Test
  void theActiveEnvironmentComesBeforeCondasAndThatBeforeTheUsersOwn() throws IOException {
    for (String p : List.of("venv", "conda", "home/.local", "usr/local", "usr")) {
      lib(p);
    }
    Map<String, String> environment =
        Map.of(
            "HOME", root + "/home",
            "CONDA_PREFIX", root + "/conda",
            "VIRTUAL_ENV", root + "/venv");
    assertEquals(
        List.of("venv", "conda", "home/.local", "usr/local", "usr"),
        new PythonFolders(environment, root)
            .prefixes().stream().map(p -> root.relativize(p.prefix()).toString()).toList());
  }

  @Test
  void thePackagesOfTheNewestPythonComeFirst() throws IOException {
    for (String p : List.of("lib/python3.9", "lib/python3.12", "lib64/python3.11")) {
      Files.createDirectories(root.resolve("env").resolve(p).resolve("site-packages"));
    }
    Files.createDirectories(root.resolve("env/lib/python3/dist-packages"));
    assertEquals(
        List.of(
            "lib/python3.12/site-packages",
            "lib/python3.9/site-packages",
            "lib/python3/dist-packages",
            "lib64/python3.11/site-packages"),
        PythonFolders.packages(root.resolve("env")).stream()
            .map(p -> root.resolve("env").relativize(p).toString())
            .toList());
  }

  private List<Path> prefixes(String variable, String value) {
    return new PythonFolders(Map.of(variable, value), root)
        .prefixes().stream().map(PythonFolders.Prefix::prefix).toList();
  }

  private Path python(String folder, String text) throws IOException {
    Path p = Files.createDirectories(root.resolve(folder)).resolve("python3");
    Files.writeString(p, text);
    p.toFile().setExecutable(true);
    return p;
  }

  private void lib(String prefix) throws IOException {
    Files.createDirectories(root.resolve(prefix).resolve("lib"));
  }
}
