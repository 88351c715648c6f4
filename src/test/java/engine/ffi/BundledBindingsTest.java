package engine.ffi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The bindings of the libraries in the jar against the headers that their makers put beside them:
 * the same functions, types, values and structs, letter by letter.
 */
final class BundledBindingsTest {
  private static final String PICTURES = "org/bytedeco/leptonica/linux-x86_64/include";

  /** A binding class and the headers of its library. */
  enum Binding {
    DNNL(
        "Dnnl",
        "org/bytedeco/dnnl/linux-x86_64/include/oneapi/dnnl",
        "dnnl_common_types.h",
        "dnnl_types.h",
        "dnnl_common.h",
        "dnnl.h"),
    LEPTONICA(
        "Leptonica", PICTURES + "/leptonica", "environ.h", "imageio.h", "pix.h", "allheaders.h"),
    TIFF("Tiff", PICTURES, "tiffconf.h", "tiff.h", "tiffio.h"),
    WEBP("WebP", PICTURES + "/webp", "types.h", "decode.h");

    final String className;
    final String folder;
    final String[] files;

    Binding(String className, String folder, String... files) {
      this.className = className;
      this.folder = folder;
      this.files = files;
    }

    BindingSource ours() throws IOException {
      return new BindingSource(className);
    }

    LibraryHeaders theirs() throws IOException {
      return new LibraryHeaders(folder, files);
    }
  }

  @ParameterizedTest
  @EnumSource
  void functionsHaveThePrototypesOfTheHeaders(Binding binding) throws IOException {
    LibraryHeaders theirs = binding.theirs();
    var prototypes = binding.ours().prototypes();
    assertFalse(prototypes.isEmpty());
    prototypes.forEach(
        (name, types) -> {
          List<List<String>> candidates = theirs.functions(name);
          assertTrue(
              candidates.stream().anyMatch(c -> agrees(types, c)),
              () -> name + types + " is none of " + candidates);
        });
  }

  /** The name of a parameter is the last word of a header's, or it has none. */
  private static boolean agrees(List<String> all, List<String> theirs) {
    int variadic = all.indexOf("...");
    List<String> ours = variadic < 0 ? all : all.subList(0, variadic + 1);
    if (ours.size() != theirs.size()) {
      return false;
    }
    for (int i = 0; i < ours.size(); i++) {
      String our = LibraryHeaders.spaced(ours.get(i));
      String their = theirs.get(i);
      if (!our.equals(their) && !our.equals(their.replaceAll(" \\w+$", ""))) {
        return false;
      }
    }
    return true;
  }

  @ParameterizedTest
  @EnumSource
  void handlesHaveTheWidthsOfTheTypes(Binding binding) throws IOException {
    LibraryHeaders theirs = binding.theirs();
    var signatures = binding.ours().signatures();
    var prototypes = binding.ours().prototypes();
    assertEquals(prototypes.keySet(), signatures.keySet());
    prototypes.forEach(
        (name, types) -> {
          StringBuilder letters = new StringBuilder();
          types.stream()
              .filter(t -> !t.equals("..."))
              .forEach(t -> letters.append(theirs.letter(t)));
          assertEquals(letters.toString(), signatures.get(name), name);
        });
  }

  @ParameterizedTest
  @EnumSource
  void callbacksHaveTheWidthsOfTheTypes(Binding binding) throws IOException {
    LibraryHeaders theirs = binding.theirs();
    binding
        .ours()
        .callbacks()
        .forEach((name, letters) -> assertEquals(theirs.callback(name), letters, name));
  }

  @ParameterizedTest
  @EnumSource
  void constantsHaveTheValuesOfTheHeaders(Binding binding) throws IOException {
    LibraryHeaders theirs = binding.theirs();
    binding
        .ours()
        .constants()
        .forEach(
            (name, value) -> {
              assertTrue(theirs.hasConstant(name), name + " is in no header");
              assertEquals(theirs.constant(name), value, name);
            });
  }

  @ParameterizedTest
  @EnumSource
  void structsHaveTheFieldsOfTheHeaders(Binding binding) throws IOException {
    LibraryHeaders theirs = binding.theirs();
    binding
        .ours()
        .structs()
        .forEach((name, fields) -> assertEquals(theirs.struct(name), fields, name));
  }
}
