package engine.cli.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Processor, memory and Java, as Linux tells them under {@code /proc} and {@code /sys}.
 *
 * @param root where those two folders are; {@code /} but in tests
 */
record Host(Path root) {
  /** Instruction sets that matter for speed: the kernel's flag and the name shown. */
  private static final Map<String, String> INSTRUCTIONS = new LinkedHashMap<>();

  static {
    INSTRUCTIONS.put("avx2", "AVX2");
    INSTRUCTIONS.put("fma", "FMA");
    INSTRUCTIONS.put("f16c", "F16C");
    INSTRUCTIONS.put("avx512bw", "AVX-512");
    INSTRUCTIONS.put("avx512_bf16", "bf16");
    INSTRUCTIONS.put("avx512_vnni", "VNNI");
    INSTRUCTIONS.put("avx_vnni", "AVX-VNNI");
    INSTRUCTIONS.put("amx_bf16", "AMX bf16");
    INSTRUCTIONS.put("amx_int8", "AMX int8");
  }

  List<Finding> findings() {
    List<Finding> out = new ArrayList<>();
    out.add(system());
    out.add(java());
    out.add(processor());
    out.add(instructions());
    out.add(memory());
    out.add(hugePages());
    return out;
  }

  private static Finding system() {
    return Finding.ok(
        "system", property("os.name") + " " + property("os.version") + ", " + property("os.arch"));
  }

  private static Finding java() {
    return Finding.ok(
        "Java",
        "%s, %s, heap up to %s"
            .formatted(
                Runtime.version(),
                property("java.home"),
                Amount.bytes(Runtime.getRuntime().maxMemory())));
  }

  Finding processor() {
    int usable = Runtime.getRuntime().availableProcessors();
    String info = read("proc/cpuinfo");
    String name = field(info, "model name");
    Set<String> cores = new TreeSet<>();
    String socket = "";
    for (String line : info.split("\n")) {
      if (line.startsWith("physical id")) {
        socket = line;
      } else if (line.startsWith("core id")) {
        cores.add(socket + line);
      }
    }
    String physical = cores.isEmpty() ? "" : ", " + Amount.of(cores.size(), "core");
    return Finding.ok(
        "processor",
        (name.isEmpty() ? property("os.arch") : name)
            + physical
            + ", "
            + Amount.of(usable, "thread")
            + " for this process");
  }

  Finding instructions() {
    Set<String> flags = new TreeSet<>(List.of(field(read("proc/cpuinfo"), "flags").split(" +")));
    String found =
        INSTRUCTIONS.entrySet().stream()
            .filter(e -> flags.contains(e.getKey()))
            .map(Map.Entry::getValue)
            .collect(Collectors.joining(", "));
    if (!flags.contains("avx2")) {
      return Finding.slow(
          "instructions",
          found.isEmpty() ? "not known" : found,
          "without AVX2 everything works, several times slower");
    }
    return flags.contains("avx512_bf16") || flags.contains("amx_bf16")
        ? Finding.ok("instructions", found)
        : Finding.slow(
            "instructions", found, "without bf16 instructions --precision amp gains nothing");
  }

  Finding memory() {
    String info = read("proc/meminfo");
    long total = kilobytes(info, "MemTotal");
    long available = kilobytes(info, "MemAvailable");
    if (total == 0) {
      return Finding.slow("memory", "not known", "this system has no /proc/meminfo");
    }
    String value = Amount.bytes(total) + ", " + Amount.bytes(available) + " of it free";
    long limit = limit();
    if (limit > 0 && limit < total) {
      value += ", this process may use " + Amount.bytes(limit);
      available = Math.min(available, limit);
    }
    return available >= 4L << 30
        ? Finding.ok("memory", value)
        : Finding.slow(
            "memory", value, "ResNet-50 at 224x224 and batch 32 needs about 4 GB; use --batch 8");
  }

  /** The control group's limit in bytes; 0 if there is none. */
  private long limit() {
    for (String file :
        List.of("sys/fs/cgroup/memory.max", "sys/fs/cgroup/memory/memory.limit_in_bytes")) {
      String text = read(file).strip();
      if (text.matches("\\d{1,18}")) {
        return Long.parseLong(text);
      }
    }
    return 0;
  }

  Finding hugePages() {
    String text = read("sys/kernel/mm/transparent_hugepage/enabled");
    Matcher chosen = Pattern.compile("\\[(\\w+)]").matcher(text);
    String mode = chosen.find() ? chosen.group(1) : "not offered by this kernel";
    return mode.equals("always") || mode.equals("madvise")
        ? Finding.ok("huge pages", mode)
        : Finding.slow(
            "huge pages",
            mode,
            "training is slower without them; as root:"
                + " echo madvise > /sys/kernel/mm/transparent_hugepage/enabled");
  }

  /** A file's text; empty where it cannot be read, as on other systems. */
  private String read(String file) {
    try {
      return Files.readString(root.resolve(file));
    } catch (IOException e) {
      return "";
    }
  }

  private static String field(String text, String name) {
    Matcher m =
        Pattern.compile("^" + Pattern.quote(name) + "\\s*:\\s*(.*)$", Pattern.MULTILINE)
            .matcher(text);
    return m.find() ? m.group(1).strip() : "";
  }

  private static long kilobytes(String text, String name) {
    String value = field(text, name).replaceAll("\\D", "");
    return value.isEmpty() ? 0 : Long.parseLong(value) * 1024;
  }

  private static String property(String name) {
    return System.getProperty(name, "?");
  }
}
