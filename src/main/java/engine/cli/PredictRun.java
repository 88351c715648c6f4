package engine.cli;

import engine.console.Units;
import engine.data.loader.PictureStream;
import engine.infer.Predictor;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Answers about pictures one batch after the other, and how it went. */
final class PredictRun {
  private final int voters;
  private final PrintWriter err;
  private final UnaryOperator<Path> shown;
  private long pictures;
  private long answered;
  private long unread;
  private long unanimous;
  private double agreement;
  private double seconds;
  private double waited;

  /** Takes the answers about some pictures. */
  @FunctionalInterface
  interface Sink {
    void take(List<Predictor.Answer> answers) throws IOException;
  }

  /**
   * @param voters how many models there are
   * @param err where pictures are listed that cannot be read
   * @param shown what a file is called
   */
  PredictRun(int voters, PrintWriter err, UnaryOperator<Path> shown) {
    this.shown = shown;
    this.voters = voters;
    this.err = err;
  }

  /**
   * @param batch pictures a step
   * @param threads that decode
   */
  void predict(Predictor predictor, Iterator<Path> files, int batch, int threads, Sink sink)
      throws IOException {
    long start = System.nanoTime();
    try (PictureStream stream =
        new PictureStream(files, predictor.preparations(), batch, threads)) {
      while (stream.hasNext()) {
        List<Predictor.Answer> answers = predictor.answer(stream.next());
        answers.forEach(this::count);
        sink.take(answers);
      }
      waited = stream.waitSeconds();
      seconds = (System.nanoTime() - start) / 1e9;
    }
  }

  private void count(Predictor.Answer a) {
    pictures++;
    if (a.failure() != null) {
      unreadable(shown.apply(a.file()) + ": " + a.failure());
    } else {
      answered++;
      agreement += a.verdict().agreement();
      unanimous += a.verdict().agreement() == 1 ? 1 : 0;
    }
  }

  /** Lists and counts what cannot be read. */
  void unreadable(String what) {
    unread++;
    err.println("engine: " + what);
  }

  long pictures() {
    return pictures;
  }

  long unread() {
    return unread;
  }

  /** How many, how fast, and what it waited for. */
  String summary() {
    if (pictures == 0) {
      return "every picture has an answer already";
    }
    return "%s in %s (%s img/s; %s of it waiting for pictures to be decoded), %,d unreadable"
        .formatted(
            Units.count(pictures, "picture"),
            Units.duration(seconds),
            Units.rate(pictures / seconds),
            Units.percent(Math.min(1, waited / seconds)),
            unread);
  }

  /** How far several models were of one mind; nothing of a single one. */
  Optional<String> agreement() {
    return voters > 1 && answered > 0
        ? Optional.of(
            EvalOutput.agreement(voters, agreement / answered, (double) unanimous / answered))
        : Optional.empty();
  }
}
