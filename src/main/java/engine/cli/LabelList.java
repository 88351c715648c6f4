package engine.cli;

import com.google.gson.JsonObject;
import engine.base.FileNames;
import engine.base.UserError;
import engine.console.Json;
import engine.eval.LabelAudit;
import engine.weights.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** The list that {@code engine labels} writes and {@code --exclude} takes: the surest first. */
record LabelList(LabelAudit audit) {
  private static final String HEAD = "file,truth,predicted,probability,self_confidence,margin";

  /**
   * @param file to be written: .csv, .tsv or .jsonl
   * @param force whether it may be there already
   */
  static void require(CommonOptions common, Path file, boolean force) {
    if (JudgedFile.Kind.of(file) == null) {
      throw common.wrong("--out " + file + " must end in .csv, .tsv or .jsonl");
    }
    if (!force && Files.exists(file)) {
      throw new UserError(
          file
              + " is there already, and rows may have been taken out of it: give another --out, or --force to write it anew");
    }
  }

  void write(Path file) throws IOException {
    JudgedFile.Kind kind = JudgedFile.Kind.of(file);
    StringBuilder text = new StringBuilder();
    if (kind != JudgedFile.Kind.JSONL) {
      text.append(HEAD.replace(',', kind.separator)).append('\n');
    }
    for (LabelAudit.Suspect s : audit.suspects()) {
      text.append(kind == JudgedFile.Kind.JSONL ? Json.line(json(s)) : cells(s, kind.separator))
          .append('\n');
    }
    AtomicFiles.writeString(file, text.toString());
  }

  private String cells(LabelAudit.Suspect s, char separator) {
    CsvCells csv = new CsvCells(separator);
    return String.join(
        "" + separator,
        file(s, csv),
        csv.text(audit.classes().get(s.label().label())),
        csv.text(audit.classes().get(s.label().predicted())),
        "" + (float) s.label().probability(),
        "" + (float) s.label().selfConfidence(),
        "" + (float) s.label().margin());
  }

  private static String file(LabelAudit.Suspect s, CsvCells csv) {
    try {
      return csv.file(Path.of(s.file()));
    } catch (InvalidPathException e) {
      return csv.text(s.file()); // of a packed set
    }
  }

  JsonObject json(LabelAudit.Suspect s) {
    JsonObject o = new JsonObject();
    o.addProperty("file", FileNames.text(Path.of(s.file())));
    o.addProperty("truth", audit.classes().get(s.label().label()));
    o.addProperty("predicted", audit.classes().get(s.label().predicted()));
    o.addProperty("probability", (float) s.label().probability());
    o.addProperty("self_confidence", (float) s.label().selfConfidence());
    o.addProperty("margin", (float) s.label().margin());
    return o;
  }
}
