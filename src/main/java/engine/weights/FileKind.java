package engine.weights;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * What a file is that is no weights, from its first bytes: people give web pages that a download
 * left, pointers of Git LFS, and the formats of other programs. Each is named, with what to do.
 */
final class FileKind {
  private static final int LOOKED_AT = 4096;

  /** Files that begin with these bytes (hexadecimal) at this offset. */
  private record Magic(int at, String hex, String what) {}

  private static final List<Magic> MAGICS =
      List.of(
          new Magic(0, "1f8b", "is compressed with gzip: unpack it with gunzip or tar first"),
          new Magic(0, "28b52ffd", "is compressed with zstd: unpack it with zstd -d first"),
          new Magic(0, "fd377a585a00", "is compressed with xz: unpack it with xz -d first"),
          new Magic(0, "425a68", "is compressed with bzip2: unpack it with bunzip2 first"),
          new Magic(0, "377abcaf271c", "is a 7-Zip archive: unpack it first"),
          new Magic(0, "526172211a07", "is a RAR archive: unpack it first"),
          new Magic(257, "7573746172", "is a tar archive: unpack it first and give the file in it"),
          new Magic(
              0,
              "894844460d0a1a0a",
              "is an HDF5 file, as Keras and TensorFlow write it: weights are taken from PyTorch (.pth) or as .safetensors"),
          new Magic(
              0,
              "47475546",
              "is a GGUF file of llama.cpp, whose networks are no image classifiers"),
          new Magic(
              4,
              "54464c33",
              "is a TensorFlow Lite model: weights are taken from PyTorch (.pth) or as .safetensors"),
          new Magic(
              0,
              "934e554d5059",
              "is a single numpy array (.npy): weights are taken from PyTorch (.pth) or as .safetensors"),
          new Magic(0, "504b0506", "is a zip archive without a file in it"),
          new Magic(0, "ffd8ff", "is a JPEG picture, not weights"),
          new Magic(0, "89504e470d0a1a0a", "is a PNG picture, not weights"),
          new Magic(0, "25504446", "is a PDF document, not weights"),
          new Magic(0, "7f454c46", "is a program or a library, not weights"));

  /** After {@code 08 VERSION}, the field that ONNX's ModelProto has next. */
  private static final String ONNX_NEXT = "\u0012\u001a\"(2:B";

  private FileKind() {}

  /** What the file is and what to do, to follow its name; never null. */
  static String of(MemorySegment all) {
    if (all.byteSize() == 0) {
      return "is empty: copy or download it again";
    }
    byte[] head =
        all.asSlice(0, Math.min(LOOKED_AT, all.byteSize())).toArray(ValueLayout.JAVA_BYTE);
    for (Magic m : MAGICS) {
      byte[] magic = HexFormat.of().parseHex(m.hex);
      if (head.length >= m.at + magic.length
          && Arrays.equals(head, m.at, m.at + magic.length, magic, 0, magic.length)) {
        return m.what;
      }
    }
    String text = new String(head, StandardCharsets.ISO_8859_1);
    String protobuf = protobuf(text);
    return protobuf != null ? protobuf : ofText(text);
  }

  private static String protobuf(String head) {
    if (head.length() < 4 || head.charAt(0) != 8 || head.charAt(1) == 0 || head.charAt(1) > 30) {
      return null;
    }
    if (head.charAt(1) == 1 && head.charAt(2) == 0x12) {
      return "is a TensorFlow SavedModel: weights are taken from PyTorch (.pth) or as .safetensors";
    }
    return ONNX_NEXT.indexOf(head.charAt(2)) >= 0
        ? "is an ONNX model: give the .pth or .safetensors file that it was exported from"
        : null;
  }

  private static String ofText(String head) {
    String start = head.replaceFirst("^\u00ef\u00bb\u00bf", "").stripLeading();
    String lower = start.substring(0, Math.min(100, start.length())).toLowerCase(Locale.ROOT);
    if (lower.startsWith("version https://git-lfs")) {
      return "is a Git LFS pointer, not the file itself: run git lfs pull where it was cloned";
    }
    if (lower.startsWith("<!doctype html") || lower.startsWith("<html")) {
      return "is a web page: the download gave a page with an error or a login instead of the file";
    }
    if (lower.startsWith("<?xml") || lower.startsWith("<error")) {
      return "is XML, as servers answer with an error: download the file again";
    }
    if (start.startsWith("{")) {
      return head.contains("\"weight_map\"") || head.contains("\"total_size\"")
          ? "is the index of weights that are split into several files: load them in Python and save the state_dict() as one file"
          : "is JSON text, not weights";
    }
    if (head.chars().allMatch(c -> c == 0)) {
      return "is damaged: it begins with nothing but zeros, as unfinished downloads do; download it again";
    }
    if (head.chars()
        .limit(200)
        .allMatch(c -> c >= ' ' && c < 127 || c == '\n' || c == '\r' || c == '\t')) {
      return "is text, not weights";
    }
    return "is neither a safetensors file nor one of torch.save: give a .safetensors or .pth file";
  }

  /**
   * What a zip archive is that has no usable {@code data.pkl} of torch.save, by the names in it.
   *
   * @return null if it is none of the kinds that are known
   */
  static String ofZip(Iterable<String> names) {
    String weights = null;
    boolean numpy = false;
    for (String n : names) {
      if (n.contains("/code/") || n.startsWith("code/")) {
        return "is a TorchScript program: load it with torch.jit.load and save its state_dict() with torch.save";
      }
      if (n.endsWith("model.weights.h5")) {
        return "is a Keras model: weights are taken from PyTorch (.pth) or as .safetensors";
      }
      if (n.endsWith("/archive_format") || n.equals("archive_format")) {
        return "is a program of torch.export: save the model's state_dict() with torch.save";
      }
      numpy |= n.endsWith(".npy");
      if (n.matches(".*\\.(pth|pt|bin|ckpt|safetensors|tar)") && !n.contains("__MACOSX")) {
        weights = n;
      }
    }
    if (numpy) {
      return "is an archive of numpy arrays (.npz): weights are taken from PyTorch (.pth) or as .safetensors";
    }
    return weights == null
        ? null
        : "is a zip archive with the file %s in it: unpack it and give that file"
            .formatted(ZipEntries.quote(weights));
  }
}
