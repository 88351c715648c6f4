package engine.backend.cuda.libraries;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import engine.backend.cuda.libraries.LibraryFinder.Library;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LibraryFinderTest {
  private static final String TRIPLET = "x86_64-linux-gnu";

  @TempDir private Path root;

  @Test
  void aGivenPathIsTheOnlyPlaceLookedAt() throws IOException {
    file("usr/lib64/libcuda.so.1");
    Path mine = file("mine/libcuda.so.1");
    var finder = new LibraryFinder(Map.of("ENGINE_CUDA_DRIVER", mine.toString()), root);
    assertEquals(mine, finder.find(Library.DRIVER).path());
    Files.delete(mine);
    assertNull(finder.find(Library.DRIVER).path());
    assertTrue(finder.find(Library.DRIVER).text().contains("ENGINE_CUDA_DRIVER names"));
  }

  @Test
  void cudaHomeComesFirstThenTheLoadersFoldersThenPythonThenTheToolkit() throws IOException {
    Path toolkit = file("usr/local/cuda-13.0/lib64/libnvrtc.so.13");
    Map<String, String> environment =
        Map.of(
            "CUDA_HOME", root + "/cuda",
            "LD_LIBRARY_PATH", ":relative:" + root + "/ld",
            "VIRTUAL_ENV", root + "/venv");
    var finder = new LibraryFinder(environment, root);
    assertEquals(toolkit, finder.find(Library.NVRTC).path());
    Path pip = file("venv/lib/python3.12/site-packages/nvidia/cuda_nvrtc/lib/libnvrtc.so.12");
    assertEquals(pip, finder.find(Library.NVRTC).path());
    assertEquals("from VIRTUAL_ENV", finder.find(Library.NVRTC).text());
    Path system = file("usr/lib/" + TRIPLET + "/libnvrtc.so.12");
    assertEquals(system, finder.find(Library.NVRTC).path());
    Path cached = file("opt/nv/libnvrtc.so.13");
    cache("libnvrtc.so.13", "/opt/nv/libnvrtc.so.13");
    assertEquals(cached, finder.find(Library.NVRTC).path());
    assertEquals("from the loader's cache", finder.find(Library.NVRTC).text());
    Path named = file("ld/libnvrtc.so.12");
    assertEquals(named, finder.find(Library.NVRTC).path());
    Path home = file("cuda/lib64/libnvrtc.so.12");
    assertEquals(home, finder.find(Library.NVRTC).path());
  }

  @Test
  void theCacheOfThisMachinesLoaderIsRead() {
    assumeTrue(Files.exists(Path.of("/etc/ld.so.cache")), "this system's loader has no cache");
    List<Path> found = LoaderCache.find(Path.of("/"), "libc.so.6");
    assertTrue(found.stream().anyMatch(Files::exists), found.toString());
    assertEquals(List.of(), LoaderCache.find(Path.of("/"), "libc.so"));
  }

  @Test
  void aTornCacheOfTheLoaderHasNothing() throws IOException {
    cache("libnvrtc.so.13", "/opt/nv/libnvrtc.so.13");
    Path cache = root.resolve("etc/ld.so.cache");
    byte[] whole = Files.readAllBytes(cache);
    for (int n = 0; n < whole.length - 20; n += 7) {
      Files.write(cache, Arrays.copyOf(whole, n));
      assertEquals(List.of(), LoaderCache.find(root, "libnvrtc.so.13"));
    }
  }

  @Test
  void everyPlaceWherePeopleHaveThemIsLookedAt() throws IOException {
    Map<String, String> environment =
        Map.of("HOME", root + "/home", "CONDA_PREFIX", root + "/conda", "CUDA_PATH", root + "/cu");
    for (String folder :
        List.of(
            "cu/targets/x86_64-linux/lib",
            "lib64",
            "usr/lib64",
            "conda/lib",
            "conda/lib/python3.11/site-packages/nvidia/cu13/lib",
            "home/.local/lib/python3.9/site-packages/nvidia/cublas/lib",
            "usr/local/lib/python3.11/dist-packages/nvidia/cublas/lib",
            "usr/local/nvidia/lib64",
            "usr/local/nvidia/lib",
            "usr/local/cuda/lib64",
            "usr/local/cuda-12.9/targets/x86_64-linux/lib",
            "usr/lib/x86_64-linux-gnu/nvidia/current",
            "usr/lib/x86_64-linux-gnu/libcudnn/9/13",
            "usr/lib/wsl/lib",
            "run/opengl-driver/lib",
            "usr/local/lib",
            "home/.cache/engine/vendor/lib")) {
      Path library = file(folder + "/libcublasLt.so.13");
      assertEquals(
          library, new LibraryFinder(environment, root).find(Library.CUBLASLT).path(), folder);
      Files.delete(library);
    }
    for (String folder :
        List.of("usr/lib/aarch64-linux-gnu/tegra", "usr/lib/aarch64-linux-gnu/nvidia")) {
      Path jetson = Files.createDirectories(root.resolve(folder));
      var places = new SearchPlaces(Map.of(), root, "aarch64");
      assertTrue(places.usual(true).stream().anyMatch(f -> f.path().equals(jetson)), folder);
    }
  }

  @Test
  void whatAnotherUserCouldWriteIsPassedOverAndSaid() throws IOException {
    Path open = file("ld/libcublasLt.so.13");
    Files.setPosixFilePermissions(open.getParent(), PosixFilePermissions.fromString("rwxrwxrwx"));
    Path behind = file("usr/lib64/libcublasLt.so.12");
    var finder = new LibraryFinder(Map.of("LD_LIBRARY_PATH", root + "/ld"), root);
    assertEquals(behind, finder.find(Library.CUBLASLT).path());
    String passed = finder.find(Library.CUBLASLT).passedOver().getFirst();
    assertTrue(
        passed.startsWith(open + " (") && passed.contains("can be written by others"), passed);
    Files.delete(behind);
    assertNull(finder.find(Library.CUBLASLT).path());
    assertTrue(finder.find(Library.CUBLASLT).missing().contains("passed over: " + open));
  }

  @Test
  void stubsAndLibrariesForAnotherProcessorArePassedOver() throws IOException {
    file("ld/stubs/libcuda.so.1");
    Path foreign = file("usr/lib64/libcuda.so.1");
    byte[] elf = new byte[64];
    System.arraycopy(new byte[] {0x7f, 'E', 'L', 'F', 1, 1}, 0, elf, 0, 6);
    elf[18] = 3; // a 32-bit PC
    Files.write(foreign, elf);
    var finder = new LibraryFinder(Map.of("LD_LIBRARY_PATH", root + "/ld/stubs"), root);
    assertNull(finder.find(Library.DRIVER).path());
    List<String> passed = finder.find(Library.DRIVER).passedOver();
    assertTrue(passed.get(0).contains("a stub to link with"), passed.toString());
    assertTrue(passed.get(1).contains("made for another processor"), passed.toString());
  }

  @Test
  void aCudnnWithAPartMissingIsPassedOverForAWholeOne() throws IOException {
    Path torn = cudnn("usr/lib64");
    Files.delete(torn.resolveSibling("libcudnn_ops.so.9"));
    Path whole = cudnn("usr/local/cuda/lib64");
    var finder = new LibraryFinder(Map.of(), root);
    assertEquals(whole, finder.find(Library.CUDNN).path());
    String passed = finder.find(Library.CUDNN).passedOver().getFirst();
    assertTrue(passed.contains("without libcudnn_ops.so.9"), passed);
  }

  @Test
  void aGivenCudnnWithAPartMissingIsRefusedBeforeItEndsTheProcess() throws IOException {
    Path torn = cudnn("mine");
    Files.delete(torn.resolveSibling("libcudnn_graph.so.9"));
    var finder = new LibraryFinder(Map.of("ENGINE_CUDNN", torn.toString()), root);
    assertNull(finder.find(Library.CUDNN).path());
    String text = finder.find(Library.CUDNN).missing();
    assertTrue(text.startsWith("ENGINE_CUDNN names " + torn + ", which is without libcudnn_graph"));
  }

  @Test
  void condasOwnLibrariesAreFoundByItsPythonToo() throws IOException {
    Path library = cudnn("conda/lib");
    file("conda/conda-meta/history");
    file("conda/bin/python3").toFile().setExecutable(true);
    for (Map<String, String> environment :
        List.of(
            Map.of("PATH", root + "/conda/bin"),
            Map.of("PATH", root + "/conda/bin", "CONDA_PREFIX", root + "/conda"))) {
      assertEquals(library, new LibraryFinder(environment, root).find(Library.CUDNN).path());
    }
  }

  @Test
  void aCudnnThatALinkAloneLeadsToIsFoundWithItsParts() throws IOException {
    Path whole = cudnn("opt/cudnn");
    Files.createDirectories(root.resolve("usr/lib64"));
    Files.createSymbolicLink(root.resolve("usr/lib64/libcudnn.so.9"), whole);
    assertEquals(whole, new LibraryFinder(Map.of(), root).find(Library.CUDNN).path());
  }

  @Test
  void whatVendorLibsFetchedIsFoundInTheCacheAfterPython() throws IOException {
    Path fetched = cudnn("cache/engine/vendor/lib");
    Map<String, String> environment =
        Map.of("XDG_CACHE_HOME", root + "/cache", "VIRTUAL_ENV", root + "/venv");
    var finder = new LibraryFinder(environment, root);
    assertEquals(fetched, finder.find(Library.CUDNN).path());
    assertTrue(finder.find(Library.CUDNN).text().endsWith("where bench/gpu/vendor-libs put it"));
    Path pip = cudnn("venv/lib/python3.12/site-packages/nvidia/cudnn/lib");
    assertEquals(pip, finder.find(Library.CUDNN).path());
  }

  @Test
  void theNewestNameInAFolderIsTaken() throws IOException {
    file("usr/lib64/libcublasLt.so.12");
    Path newest = file("usr/lib64/libcublasLt.so.13");
    assertEquals(newest, new LibraryFinder(Map.of(), root).find(Library.CUBLASLT).path());
  }

  @Test
  void aLibraryOfOneCudaIsFoundBehindOneOfAnother() throws IOException {
    Path system = file("usr/lib64/libcublasLt.so.12");
    Path pip = file("venv/lib/python3.12/site-packages/nvidia/cu13/lib/libcublasLt.so.13");
    var finder = new LibraryFinder(Map.of("VIRTUAL_ENV", root + "/venv"), root);
    assertEquals(system, finder.find(Library.CUBLASLT).path());
    assertEquals(system, finder.find(Library.CUBLASLT, 12).path());
    assertEquals(pip, finder.find(Library.CUBLASLT, 13).path());
  }

  @Test
  void aCudnnBeforeNineIsNamed() throws IOException {
    Path old = file("usr/lib64/libcudnn.so.8");
    String text = new LibraryFinder(Map.of(), root).find(Library.CUDNN).missing();
    assertTrue(text.endsWith(old + " (older than cuDNN 9, the oldest that works)"), text);
  }

  @Test
  void whatIsMissingSaysWhereItWasLookedForAndWhatToDo() throws IOException {
    file("usr/lib64/other");
    String text = new LibraryFinder(Map.of(), root).find(Library.CUDNN).missing();
    assertTrue(text.startsWith("libcudnn.so.9: pip install nvidia-cudnn-cu13"), text);
    assertTrue(text.contains("or set ENGINE_CUDNN to the file"), text);
    assertTrue(text.contains("looked for in " + root + "/usr/lib64"), text);
  }

  /**
   * A cache of the loader as {@code ldconfig} writes it, with one library before the wanted one.
   */
  private void cache(String name, String path) throws IOException {
    byte[] strings =
        ("libother.so.1\0/lib/libother.so.1\0" + name + "\0" + path + "\0")
            .getBytes(StandardCharsets.US_ASCII);
    int texts = 48 + 2 * 24;
    ByteBuffer b = ByteBuffer.allocate(texts + strings.length).order(ByteOrder.nativeOrder());
    b.put("glibc-ld.so.cache1.1".getBytes(StandardCharsets.US_ASCII)).putInt(2);
    b.putInt(strings.length);
    b.position(48);
    b.putInt(0x303).putInt(texts).putInt(texts + 14).putInt(0).putLong(0);
    int second = texts + 14 + 19;
    b.putInt(0x303).putInt(second).putInt(second + name.length() + 1).putInt(0).putLong(0);
    b.put(strings);
    Files.createDirectories(root.resolve("etc"));
    Files.write(root.resolve("etc/ld.so.cache"), b.array());
  }

  private Path cudnn(String folder) throws IOException {
    for (String part :
        List.of("graph", "heuristic", "engines_precompiled", "engines_runtime_compiled", "ops")) {
      file(folder + "/libcudnn_" + part + ".so.9");
    }
    return file(folder + "/libcudnn.so.9");
  }

  private Path file(String name) throws IOException {
    Path p = root.resolve(name);
    Files.createDirectories(p.getParent());
    return Files.writeString(p, "");
  }
}
