package engine.data.image;

import java.io.IOException;

/** A picture that cannot be used; the message is one sentence: file, what is wrong, what to do. */
public final class ImageDecodeException extends IOException {
  public ImageDecodeException(String message) {
    super(message);
  }

  ImageDecodeException(String message, Throwable cause) {
    super(message, cause);
  }
}
