import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes the raw binding classes of {@code engine.ffi} from the headers in this folder. A header here
 * is the allow-list: it holds the prototypes, constants and structs that the engine uses and no
 * others.
 *
 * <pre>java jextract/Generate.java            # from the root of the project
 * java jextract/Generate.java OUT   # writes elsewhere, as the test that compares does</pre>
 *
 * <p>The output is committed, so that a build needs neither the libraries nor this program.
 */
final class Generate {
  /**
   * A header and the class made from it.
   *
   * @param about what people call the library
   * @param lookup the Java expression of the {@code SymbolLookup} that has the functions, where there is
   *     only ever one; null where the class is given one by whoever makes it
   */
  record Library(String header, String className, String about, String lookup) {}

  private static final List<Library> LIBRARIES =
      List.of(
          new Library("cuda.h", "CudaDriver", "The CUDA driver API, libcuda.so.1", null),
          new Library("nvrtc.h", "Nvrtc", "NVRTC, which compiles CUDA C++, libnvrtc.so", null),
          new Library("cudnn.h", "Cudnn", "cuDNN's backend API, libcudnn.so.9", null),
          new Library("cublaslt.h", "CublasLt", "cuBLASLt, libcublasLt.so", null),
          new Library("dnnl.h", "Dnnl", "oneDNN, libdnnl.so.3", "DnnlLibrary.DNNL"),
          new Library("gomp.h", "Gomp", "GNU OpenMP, libgomp.so.1", "DnnlLibrary.GOMP"),
          new Library("leptonica.h", "Leptonica", "Leptonica, libleptonica.so.6", "LeptonicaLibrary.LIB"),
          new Library("tiff.h", "Tiff", "libtiff, inside libleptonica.so.6", "LeptonicaLibrary.LIB"),
          new Library("webp.h", "WebP", "libwebp, inside libleptonica.so.6", "LeptonicaLibrary.LIB"),
          new Library("zstd.h", "Zstd", "libzstd, libzstd.so", "ZstdLibrary.LIB"));

  private Generate() {}

  public static void main(String[] args) throws IOException {
    Path to = Path.of(args.length > 0 ? args[0] : "src/main/java/engine/ffi");
    Files.createDirectories(to);
    for (Library l : LIBRARIES) {
      CHeader header = CHeader.parse(Files.readString(Path.of("jextract", l.header)));
      Files.writeString(to.resolve(l.className + ".java"), new JavaClass(header, l).text());
    }
  }
}
