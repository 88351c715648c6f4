package engine.data.image;

/** What is wrong with a picture, without the file's name, which only {@link ImageDecoder} knows. */
final class CorruptImage extends Exception {
  private static final String REPLACE = "replace the file or remove it";
  final String advice;

  CorruptImage(String what, String advice) {
    super(what, null, false, false);
    this.advice = advice;
  }

  CorruptImage(String what) {
    this(what, REPLACE);
  }

  static CorruptImage truncated(String format) {
    return new CorruptImage("the " + format + " data ends before the picture does");
  }
}
