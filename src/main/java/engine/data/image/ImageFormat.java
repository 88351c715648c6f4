package engine.data.image;

/** The formats that are read, told apart by their first bytes. */
enum ImageFormat {
  JPEG,
  PNG,
  BMP,
  GIF,
  TIFF,
  WEBP,
  PNM;

  /** The format of a file that begins with these bytes, or null. */
  static ImageFormat of(byte[] b) {
    if (starts(b, 0, 0xff, 0xd8, 0xff)) {
      return JPEG;
    } else if (starts(b, 0, 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n')) {
      return PNG;
    } else if (starts(b, 0, 'G', 'I', 'F', '8', '7', 'a')
        || starts(b, 0, 'G', 'I', 'F', '8', '9', 'a')) {
      return GIF;
    } else if (starts(b, 0, 'I', 'I', 42, 0) || starts(b, 0, 'M', 'M', 0, 42)) {
      return TIFF;
    } else if (starts(b, 0, 'R', 'I', 'F', 'F') && starts(b, 8, 'W', 'E', 'B', 'P')) {
      return WEBP;
    } else if (starts(b, 0, 'B', 'M')) {
      return BMP;
    } else if (b.length > 2 && b[0] == 'P' && b[1] >= '1' && b[1] <= '6' && b[2] <= ' ') {
      return PNM;
    }
    return null;
  }

  private static boolean starts(byte[] b, int at, int... prefix) {
    if (b.length < at + prefix.length) {
      return false;
    }
    for (int i = 0; i < prefix.length; i++) {
      if ((b[at + i] & 0xff) != prefix[i]) {
        return false;
      }
    }
    return true;
  }
}
