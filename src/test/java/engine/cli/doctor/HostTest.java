package engine.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.cli.doctor.Finding.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HostTest {
  @TempDir Path root;

  @Test
  void theProcessorIsNamedAndItsCoresCountedOnce() throws IOException {
    write(
        "proc/cpuinfo",
        """
        model name\t: Xeon 9
        physical id\t: 0
        core id\t\t: 0
        flags\t\t: fpu avx2 fma avx512bw avx512_bf16

        model name\t: Xeon 9
        physical id\t: 0
        core id\t\t: 0
        """);
    Host host = new Host(root);
    assertTrue(host.processor().value().startsWith("Xeon 9, 1 core, "), host.processor().value());
    assertEquals(Finding.ok("instructions", "AVX2, FMA, AVX-512, bf16"), host.instructions());
  }

  @Test
  void aProcessorWithoutAvx2IsSaidToBeSlow() throws IOException {
    write("proc/cpuinfo", "flags : fpu sse4_1 avx\n");
    assertEquals(State.SLOW, new Host(root).instructions().state());
    write("proc/cpuinfo", "flags : avx2\n");
    assertTrue(new Host(root).instructions().advice().contains("bf16"));
  }

  @Test
  void theMemoryLimitOfAContainerCounts() throws IOException {
    write("proc/meminfo", "MemTotal:  16777216 kB\nMemAvailable:  12582912 kB\n");
    assertEquals(Finding.ok("memory", "16.0 GiB, 12.0 GiB of it free"), new Host(root).memory());
    write("sys/fs/cgroup/memory.max", "2147483648\n");
    Finding limited = new Host(root).memory();
    assertEquals(State.SLOW, limited.state());
    assertTrue(limited.value().endsWith("this process may use 2.0 GiB"), limited.value());
    write("sys/fs/cgroup/memory.max", "max\n");
    assertEquals(State.OK, new Host(root).memory().state());
  }

  @Test
  void hugePagesThatAreOffComeWithTheCommandThatTurnsThemOn() throws IOException {
    write("sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never\n");
    assertEquals(Finding.ok("huge pages", "madvise"), new Host(root).hugePages());
    write("sys/kernel/mm/transparent_hugepage/enabled", "always madvise [never]\n");
    assertTrue(new Host(root).hugePages().advice().contains("echo madvise"));
  }

  @Test
  void aSystemWithoutProcStillAnswers() {
    List<Finding> findings = new Host(root).findings();
    assertEquals(6, findings.size());
    assertFalse(findings.toString().contains("null,"), findings.toString());
  }

  @Test
  void aMissingDataSetSaysHowToGetIt() {
    assertTrue(StorageChecks.fashionMnist(root.resolve("none")).advice().contains("apt install"));
  }

  @Test
  void aCacheThatOthersMayWriteIsNamedAndTheNextOneTaken() throws IOException {
    Path shared = Files.createDirectories(root.resolve("shared"));
    Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxrwxrwx"));
    Finding both = StorageChecks.cache(List.of(shared, root.resolve("own")));
    assertEquals(State.SLOW, both.state());
    assertTrue(both.value().startsWith(root.resolve("own").toString()), both.value());
    assertTrue(both.value().contains("shared can be written by others"), both.value());
    assertEquals(State.MISSING, StorageChecks.cache(List.of(shared)).state());
    assertEquals(State.OK, StorageChecks.cache(List.of(root.resolve("own"))).state());
  }

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }
}
