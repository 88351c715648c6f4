package engine.backend.kernels;

import engine.base.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * NVIDIA's own assembler and disassembler, as programs: what {@code ptxas} makes of a kernel for a
 * real GPU, which need not be here.
 *
 * @param ptxas assembles
 * @param nvdisasm shows what was assembled; null where only figures are wanted
 */
public record Assembler(Path ptxas, Path nvdisasm) {
  /**
   * What was made of a kernel.
   *
   * @param registers of a thread
   * @param spillBytes stored to and loaded from local memory for want of registers
   */
  public record Figures(int registers, int spillBytes) {}

  /**
   * An instruction of the machine.
   *
   * @param file of the source, such as {@code adamw.cu}; empty if it is not known
   * @param line of that file; 0 if it is not known
   * @param text with its address before it
   */
  public record Instruction(String file, int line, String text) {
    /** Whether it loads 16 bytes or more of global memory at once. */
    public boolean isWideLoad() {
      return WIDE_LOAD.matcher(text).find();
    }
  }

  /**
   * A family of kernels, assembled.
   *
   * @param code the machine code, an ELF file
   * @param figures by kernel
   */
  public record Assembled(byte[] code, Map<String, Figures> figures) {}

  private static final Pattern WIDE_LOAD = Pattern.compile("\\bLDG\\S*\\.(128|256)\\b");
  private static final Pattern VERSION = Pattern.compile("\\bV(\\d+[.\\d]*)");
  private static final Pattern KERNEL =
      Pattern.compile(
          "Compiling entry function '(?<name>\\w+)' for 'sm_\\d+a?'"
              + "(?s:.*?)(?<stores>\\d+) bytes spill stores, (?<loads>\\d+) bytes spill loads"
              + "(?s:.*?)Used (?<registers>\\d+) registers");
  private static final Pattern SECTION = Pattern.compile("-+ \\.text\\.(\\w+) +-+");
  private static final Pattern LINE =
      Pattern.compile("## File \"(?:[^\"]*/)?(?<file>[^\"/]+)\", line (?<line>\\d+)");
  private static final Pattern INSTRUCTION = Pattern.compile("/\\*([0-9a-f]{4,})\\*/\\s+(.*?) *;");

  /** The assembler's version, such as {@code 13.5.37}. */
  public String version() {
    Matcher m = VERSION.matcher(run(ptxas.toString(), "--version"));
    return m.find() ? m.group(1) : "of unknown version";
  }

  /**
   * Assembles PTX.
   *
   * @param architecture 90 for sm_90
   * @throws UserError with the assembler's words, where it refuses
   */
  public Assembled assemble(String ptx, int architecture) {
    return inFolder(
        folder -> {
          Path source = Files.writeString(folder.resolve("kernels.ptx"), ptx);
          Path code = folder.resolve("kernels.cubin");
          String log =
              run(
                  ptxas.toString(),
                  "-v",
                  "-lineinfo",
                  "-arch=sm_" + architecture,
                  "-o",
                  code.toString(),
                  source.toString());
          Map<String, Figures> figures = new LinkedHashMap<>();
          Matcher m = KERNEL.matcher(log);
          while (m.find()) {
            int spilled = Integer.parseInt(m.group("stores")) + Integer.parseInt(m.group("loads"));
            figures.put(
                m.group("name"), new Figures(Integer.parseInt(m.group("registers")), spilled));
          }
          return new Assembled(Files.readAllBytes(code), figures);
        });
  }

  /** The instructions of every kernel in machine code, in their order. */
  public Map<String, List<Instruction>> disassemble(byte[] code) {
    String text =
        inFolder(
            folder -> {
              Path file = Files.write(folder.resolve("kernels.cubin"), code);
              return run(nvdisasm.toString(), "-c", "-g", file.toString());
            });
    Map<String, List<Instruction>> out = new LinkedHashMap<>();
    List<Instruction> kernel = new ArrayList<>();
    String file = "";
    int line = 0;
    for (String row : text.lines().toList()) {
      Matcher section = SECTION.matcher(row);
      Matcher place = LINE.matcher(row);
      Matcher instruction = INSTRUCTION.matcher(row);
      if (section.find()) {
        kernel = new ArrayList<>();
        out.put(section.group(1), kernel);
        file = "";
        line = 0;
      } else if (place.find()) {
        file = place.group("file");
        line = Integer.parseInt(place.group("line"));
      } else if (instruction.find()) {
        kernel.add(new Instruction(file, line, instruction.group(1) + "  " + instruction.group(2)));
      }
    }
    return out;
  }

  /** Work in a folder of its own, which is gone afterwards. */
  private interface InFolder<T> {
    T in(Path folder) throws IOException;
  }

  private static <T> T inFolder(InFolder<T> work) {
    try {
      Path folder = Files.createTempDirectory("engine-assembler");
      try {
        return work.in(folder);
      } finally {
        try (Stream<Path> files = Files.list(folder)) {
          for (Path f : files.toList()) {
            Files.delete(f);
          }
        }
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new UserError("the assembler's files cannot be written: " + e, e);
    }
  }

  /** What a program prints. */
  private static String run(String... command) {
    try {
      Process p = new ProcessBuilder(command).redirectErrorStream(true).start();
      p.getOutputStream().close();
      String said = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (p.waitFor() != 0) {
        // What it says before is no error; a program that ends by a signal says none.
        String error =
            said.lines()
                .filter(l -> l.contains("error") || l.contains("fatal"))
                .findFirst()
                .orElse("exit code " + p.exitValue());
        throw new UserError("%s failed: %s".formatted(command[0], error.strip()));
      }
      return said;
    } catch (IOException e) {
      throw new UserError(command[0] + " cannot be run: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UserError(command[0] + " was interrupted");
    }
  }
}
