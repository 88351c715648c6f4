package engine.console;

import com.google.gson.JsonElement;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Calendar;
import java.util.Date;
import java.util.Formattable;
import java.util.Locale;

/**
 * Where everything is printed that a person may read. Names of files and classes come from
 * strangers, and a terminal obeys what is in them: so what is printed is clean unless a caller asks
 * for the contrary.
 *
 * <ul>
 *   <li>{@link #println(String)} prints one line: control characters in it, line ends and tabs too,
 *       and marks that turn the direction of text are shown as {@code ?}.
 *   <li>{@link #format} and {@code printf} trust their format and clean their arguments.
 *   <li>{@link #print(String)} is for text of several lines: line ends, tabs and colours pass.
 *   <li>{@link #raw} passes everything: a bar that moves the cursor.
 * </ul>
 *
 * JSON elements are printed as {@link Json#line}. Every call flushes. What cannot be written is up
 * to the stream below, as with any {@link PrintWriter}.
 */
public final class Printer extends PrintWriter {
  private final Charset charset;

  /** Prints to a stream in its own character set. */
  public Printer(PrintStream out) {
    this(out, out.charset());
  }

  public Printer(OutputStream out, Charset charset) {
    super(out, true, charset);
    this.charset = charset;
  }

  /** Prints to a writer, which takes any character. */
  public Printer(Writer out) {
    super(out, true);
    this.charset = StandardCharsets.UTF_8;
  }

  /** What the characters become. */
  public Charset charset() {
    return charset;
  }

  /** A line as {@link #println(String)} prints it. */
  public static String clean(String line) {
    return TextWidth.printable(line);
  }

  /** Prints text as it is, whatever it does to a terminal. */
  public void raw(String text) {
    super.print(text);
    flush();
  }

  @Override
  public void print(String text) {
    raw(TextWidth.printableText(String.valueOf(text)));
  }

  @Override
  public void println(String line) {
    raw(TextWidth.printable(String.valueOf(line)) + System.lineSeparator());
  }

  @Override
  public void println() {
    raw(System.lineSeparator());
  }

  @Override
  public void println(Object x) {
    println(x instanceof JsonElement json ? Json.line(json) : String.valueOf(x));
  }

  @Override
  public PrintWriter format(String format, Object... args) {
    return format(Locale.ROOT, format, args);
  }

  @Override
  public PrintWriter format(Locale locale, String format, Object... args) {
    raw(String.format(locale, format, Arrays.stream(args).map(Printer::argument).toArray()));
    return this;
  }

  /** What a format treats as more than text keeps its type. */
  private static Object argument(Object arg) {
    return switch (arg) {
      case null -> null;
      case Number _, Character _, Boolean _, Date _, Calendar _, Formattable _ -> arg;
      case java.time.temporal.TemporalAccessor _ -> arg;
      default -> TextWidth.printable(arg.toString());
    };
  }
}
