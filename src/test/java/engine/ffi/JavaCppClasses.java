package engine.ffi;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.Annotation;
import java.lang.classfile.AnnotationElement;
import java.lang.classfile.AnnotationValue;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.constant.ClassDesc;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipFile;

/**
 * What JavaCPP made of NVIDIA's headers, read as class files: loading them would load native
 * libraries. Its parameters carry the C type in {@code @Cast} where Java's does not tell.
 */
final class JavaCppClasses implements AutoCloseable {
  /**
   * A parameter or field.
   *
   * @param letter as {@link Native} writes signatures; objects and arrays are pointers, l
   * @param c the C type of its {@code @Cast}, without const and blanks, or null
   */
  record Type(char letter, String c) {}

  private static final String GLOBAL = "org/bytedeco/cuda/global/";
  private final ZipFile jar;

  JavaCppClasses(Path jar) throws IOException {
    this.jar = new ZipFile(jar.toFile());
  }

  /** Every integer constant of a header. */
  Map<String, Integer> constants(String header) {
    Map<String, Integer> out = new LinkedHashMap<>();
    for (FieldModel f : model(GLOBAL + header).fields()) {
      f.findAttribute(Attributes.constantValue())
          .filter(c -> c.constant().constantValue() instanceof Integer)
          .ifPresent(
              c -> out.put(f.fieldName().stringValue(), (Integer) c.constant().constantValue()));
    }
    return out;
  }

  /** The overloads of each function of a header: result, then parameters. */
  Map<String, List<List<Type>>> functions(String header) {
    Map<String, List<List<Type>>> out = new LinkedHashMap<>();
    for (MethodModel m : model(GLOBAL + header).methods()) {
      List<Type> types = new ArrayList<>();
      types.add(type(m.methodTypeSymbol().returnType(), annotations(m)));
      List<List<Annotation>> each =
          m.findAttribute(Attributes.runtimeVisibleParameterAnnotations())
              .map(a -> a.parameterAnnotations())
              .orElse(List.of());
      for (int i = 0; i < m.methodTypeSymbol().parameterCount(); i++) {
        types.add(
            type(m.methodTypeSymbol().parameterType(i), i < each.size() ? each.get(i) : List.of()));
      }
      out.computeIfAbsent(m.methodName().stringValue(), n -> new ArrayList<>()).add(types);
    }
    return out;
  }

  /** The getters of a struct's class: field by name. */
  Map<String, Type> struct(String className) {
    Map<String, Type> out = new LinkedHashMap<>();
    for (MethodModel m : model("org/bytedeco/cuda/cudart/" + className).methods()) {
      boolean isGetter =
          m.methodTypeSymbol().parameterCount() == 0
              && !m.methodTypeSymbol().returnType().descriptorString().equals("V");
      if (isGetter) {
        out.put(
            m.methodName().stringValue(), type(m.methodTypeSymbol().returnType(), annotations(m)));
      }
    }
    return out;
  }

  private static List<Annotation> annotations(MethodModel m) {
    return m.findAttribute(Attributes.runtimeVisibleAnnotations())
        .map(a -> a.annotations())
        .orElse(List.of());
  }

  private static Type type(ClassDesc d, List<Annotation> annotations) {
    String c = null;
    for (Annotation a : annotations) {
      if (a.classSymbol().displayName().equals("Cast")) {
        for (AnnotationElement e : a.elements()) {
          if (e.value() instanceof AnnotationValue.OfArray v
              && v.values().getFirst() instanceof AnnotationValue.OfString s) {
            c = plain(s.stringValue());
          }
        }
      }
    }
    char letter =
        switch (d.descriptorString().charAt(0)) {
          case 'I' -> 'i';
          case 'B' -> 'b';
          case 'F' -> 'f';
          case 'D' -> 'd';
          case 'V' -> 'v';
          default -> 'l';
        };
    return new Type(letter, c);
  }

  /** A C type without const and blanks. */
  static String plain(String c) {
    return c.replace("const", "").replace(" ", "");
  }

  private ClassModel model(String name) {
    try (var in = jar.getInputStream(jar.getEntry(name + ".class"))) {
      return ClassFile.of().parse(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    jar.close();
  }
}
