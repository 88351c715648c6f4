package engine.ffi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.StructLayout;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The CUDA bindings against two independent sources: JavaCPP's classes of CUDA 12.6 and 13.1, which
 * were made from NVIDIA's headers.
 */
final class CudaBindingsTest {
  private static final List<String> VERSIONS = List.of("12.6-9.5-1.5.11", "13.1-9.19-1.5.13");

  @ParameterizedTest
  @CsvSource({"CudaDriver, cudart", "Nvrtc, nvrtc", "Cudnn, cudnn", "CublasLt, cublas"})
  void functionsHaveTheParametersOfTheHeaders(String binding, String header) throws Exception {
    Map<String, List<String>> ours = new BindingSource(binding).prototypes();
    assertEquals(
        functions(binding).keySet(),
        ours.keySet(),
        "a function without its C prototype, or the other way round");
    for (String version : VERSIONS) {
      try (JavaCppClasses theirs = open(version)) {
        var overloads = theirs.functions(header);
        ours.forEach(
            (name, types) -> {
              // JavaCPP saw the macros that map a plain name to its symbol.
              String plain = name.replaceAll("(_v\\d+|WithFlags)$", "");
              var candidates = overloads.getOrDefault(name, overloads.get(plain));
              assertTrue(candidates != null, version + " has no " + name);
              assertTrue(
                  candidates.stream().anyMatch(c -> agrees(types, letters(binding, name), c)),
                  () -> version + ": " + name + types + " is none of " + candidates);
            });
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"CudaDriver, cudart", "Nvrtc, nvrtc", "Cudnn, cudnn", "CublasLt, cublas"})
  void constantsHaveTheValuesOfTheHeaders(String binding, String header) throws Exception {
    Map<String, Integer> ours = constants(binding);
    Set<String> unseen = new HashSet<>(ours.keySet());
    for (String version : VERSIONS) {
      try (JavaCppClasses theirs = open(version)) {
        Map<String, Integer> values = new LinkedHashMap<>(theirs.constants(header));
        // cuBLAS takes its element types from CUDA's library_types.h.
        values.putAll(theirs.constants("cudart"));
        values.forEach(
            (name, value) -> {
              if (ours.containsKey(name)) {
                assertEquals(value, ours.get(name), name + " of " + version);
                unseen.remove(name);
              }
            });
      }
    }
    assertEquals(new TreeSet<>(), new TreeSet<>(unseen), "constants that no header has");
  }

  @Test
  void structsHaveTheFieldsAndTheSizeOfC() throws Exception {
    StructLayout ours = CudaDriver.CUDA_MEMCPY2D;
    for (String version : VERSIONS) {
      try (JavaCppClasses theirs = open(version)) {
        Map<String, JavaCppClasses.Type> fields = theirs.struct("CUDA_MEMCPY2D_v2");
        fields.remove("getPointer");
        Set<String> names = new HashSet<>();
        ours.memberLayouts().forEach(m -> m.name().ifPresent(names::add));
        assertEquals(fields.keySet(), names, version);
        fields.forEach(
            (name, type) ->
                assertEquals(
                    type.letter() == 'i' ? 4 : 8,
                    ours.select(PathElement.groupElement(name)).byteSize(),
                    name));
      }
    }
    // 16 fields of 8 bytes: the two enums are followed by padding.
    assertEquals(128, ours.byteSize());
    assertEquals(72, ours.byteOffset(PathElement.groupElement("dstMemoryType")));
  }

  private static boolean agrees(List<String> c, String letters, List<JavaCppClasses.Type> theirs) {
    if (c.size() != theirs.size()) {
      return false;
    }
    for (int i = 0; i < c.size(); i++) {
      JavaCppClasses.Type t = theirs.get(i);
      boolean sameC = t.c() == null || t.c().equals(JavaCppClasses.plain(c.get(i)));
      if (t.letter() != letters.charAt(i) || !sameC) {
        return false;
      }
    }
    return true;
  }

  /** The letters of a bound function, from the descriptor that its handle is made of. */
  private static String letters(String binding, String name) {
    var d = functions(binding).get(name);
    StringBuilder s = new StringBuilder();
    s.append(d.returnLayout().map(l -> letter(l.toString())).orElse("v"));
    d.argumentLayouts().forEach(l -> s.append(letter(l.toString())));
    return s.toString();
  }

  private static String letter(String layout) {
    return switch (layout) {
      case "j8" -> "l";
      case "i4" -> "i";
      case "b1" -> "b";
      case "f4" -> "f";
      case "d8" -> "d";
      default -> throw new AssertionError(layout);
    };
  }

  private static Map<String, java.lang.foreign.FunctionDescriptor> functions(String binding) {
    return switch (binding) {
      case "Nvrtc" -> Nvrtc.FUNCTIONS;
      case "Cudnn" -> Cudnn.FUNCTIONS;
      case "CublasLt" -> CublasLt.FUNCTIONS;
      default -> CudaDriver.FUNCTIONS;
    };
  }

  private static Map<String, Integer> constants(String binding) throws Exception {
    Map<String, Integer> out = new LinkedHashMap<>();
    for (var f : Class.forName("engine.ffi." + binding).getFields()) {
      if (f.getType() == int.class && Modifier.isStatic(f.getModifiers())) {
        out.put(f.getName(), f.getInt(null));
      }
    }
    return out;
  }

  private static JavaCppClasses open(String version) throws IOException {
    Path jar = Path.of("target/javacpp/cuda-" + version + ".jar");
    assertTrue(
        Files.exists(jar),
        () ->
            jar
                + " is missing: run ./mvnw generate-test-resources; there are "
                + Arrays.toString(jar.getParent().toFile().list()));
    return new JavaCppClasses(jar);
  }
}
