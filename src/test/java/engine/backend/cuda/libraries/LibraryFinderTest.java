package engine.backend.cuda.libraries;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.backend.cuda.libraries.LibraryFinder.Library;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LibraryFinderTest {
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
  void cudaHomeComesBeforeTheSystemAndTheSystemBeforePython() throws IOException {
    Path pip = file("venv/lib/python3.12/site-packages/nvidia/cuda_nvrtc/lib/libnvrtc.so.12");
    Map<String, String> environment =
        Map.of("CUDA_HOME", root + "/cuda", "VIRTUAL_ENV", root + "/venv");
    var finder = new LibraryFinder(environment, root);
    assertEquals(pip, finder.find(Library.NVRTC).path());
    Path system = file("usr/local/cuda-13.0/lib64/libnvrtc.so.13");
    assertEquals(system, finder.find(Library.NVRTC).path());
    Path home = file("cuda/lib64/libnvrtc.so.12");
    assertEquals(home, finder.find(Library.NVRTC).path());
  }

  @Test
  void whatVendorLibsFetchedIsFoundInTheCacheAfterPython() throws IOException {
    Path fetched = file("cache/engine/vendor/lib/libcudnn.so.9");
    Map<String, String> environment =
        Map.of("XDG_CACHE_HOME", root + "/cache", "VIRTUAL_ENV", root + "/venv");
    var finder = new LibraryFinder(environment, root);
    assertEquals(fetched, finder.find(Library.CUDNN).path());
    assertTrue(finder.find(Library.CUDNN).text().endsWith("where bench/gpu/vendor-libs put it"));
    Path pip = file("venv/lib/python3.12/site-packages/nvidia/cudnn/lib/libcudnn.so.9");
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
    String text = new LibraryFinder(Map.of(), root).find(Library.CUDNN).text();
    assertTrue(text.startsWith(old + " is older than cuDNN 9, the oldest that works; "), text);
  }

  @Test
  void whatIsMissingSaysWhereItWasLookedForAndWhatToDo() throws IOException {
    file("usr/lib64/other");
    String text = new LibraryFinder(Map.of(), root).find(Library.CUDNN).text();
    assertTrue(text.startsWith("libcudnn.so.9 was looked for in " + root + "/usr/lib64"), text);
    assertTrue(text.contains("or set ENGINE_CUDNN to the file"), text);
  }

  private Path file(String name) throws IOException {
    Path p = root.resolve(name);
    Files.createDirectories(p.getParent());
    return Files.writeString(p, "");
  }
}
