package engine.inspect.kernel;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import engine.backend.kernels.Assembler;
import engine.backend.kernels.Assembler.Assembled;
import engine.backend.kernels.Assembler.Figures;
import engine.backend.kernels.Assembler.Instruction;
import engine.backend.kernels.InstructionCounts;
import engine.backend.kernels.KernelSources;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A kernel's machine code for one architecture beside its PTX, under the source lines that both
 * come from.
 *
 * @param kernel and its simulated run, which knows the PTX
 * @param architecture 90 for sm_90
 * @param assembler the program that made the code, with its version
 * @param figures that the assembler gave
 * @param code in the order of its addresses
 */
public record KernelSass(
    KernelDossier kernel,
    int architecture,
    String assembler,
    Figures figures,
    List<Instruction> code) {

  /**
   * Assembles the kernel's PTX and takes the code apart again.
   *
   * @throws engine.base.UserError where the programs refuse
   */
  public static KernelSass of(KernelDossier kernel, int architecture, Assembler programs) {
    Assembled all = programs.assemble(KernelSources.ptx(kernel.family()), architecture);
    return new KernelSass(
        kernel,
        architecture,
        "ptxas " + programs.version(),
        all.figures().get(kernel.kernel()),
        programs.disassemble(all.code()).get(kernel.kernel()));
  }

  private long wideLoads() {
    return code.stream().filter(Instruction::isWideLoad).count();
  }

  /** For people: PTX on the left, machine code on the right. */
  public void print(PrintWriter out) {
    out.println(
        "%s for sm_%d, assembled by %s: %d registers a thread, %d bytes spilled, %d instructions, %d of them loads of 128 bits or more"
            .formatted(
                kernel.kernel(),
                architecture,
                assembler,
                figures.registers(),
                figures.spillBytes(),
                code.size(),
                wideLoads()));
    out.println("source with its PTX and its machine code, each with its own order");
    SourceText source = new SourceText();
    Map<String, List<String>> ptx = new LinkedHashMap<>();
    Map<String, List<String>> sass = new LinkedHashMap<>();
    for (InstructionCounts i : kernel.run().instructions()) {
      ptx.computeIfAbsent(source.of(i.file(), i.line()), k -> new ArrayList<>()).add(i.text());
    }
    for (Instruction i : code) {
      sass.computeIfAbsent(source.of(i.file(), i.line()), k -> new ArrayList<>()).add(i.text());
    }
    sass.keySet().forEach(line -> ptx.putIfAbsent(line, List.of()));
    ptx.forEach((line, left) -> print(line, left, sass.getOrDefault(line, List.of()), out));
  }

  private static void print(String line, List<String> left, List<String> right, PrintWriter out) {
    out.println();
    out.println(line);
    for (int i = 0; i < Math.max(left.size(), right.size()); i++) {
      String l = i < left.size() ? left.get(i) : "";
      String r = i < right.size() ? right.get(i) : "";
      out.println("  %-52s  %s".formatted(l, r).stripTrailing());
    }
  }

  /** For machines. */
  public JsonObject json() {
    JsonObject o = new JsonObject();
    o.addProperty("architecture", "sm_" + architecture);
    o.addProperty("assembler", assembler);
    o.addProperty("registers", figures.registers());
    o.addProperty("spill_bytes", figures.spillBytes());
    o.addProperty("wide_loads", wideLoads());
    JsonArray instructions = new JsonArray();
    for (Instruction i : code) {
      JsonObject one = new JsonObject();
      one.addProperty("source", i.line() == 0 ? null : i.file() + ":" + i.line());
      one.addProperty("sass", i.text());
      instructions.add(one);
    }
    o.add("instructions", instructions);
    return o;
  }
}
