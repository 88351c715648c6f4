package engine.data.image;

import java.io.IOException;

/** A file that is not a readable picture; the message says why in one sentence. */
public class ImageDecodeException extends IOException {
  public ImageDecodeException(String message) {
    super(message);
  }

  public ImageDecodeException(String message, Throwable cause) {
    super(message, cause);
  }
}
