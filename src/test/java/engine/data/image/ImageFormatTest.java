package engine.data.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageFormatTest {
  private static final String FTYP = "\0\0\0\u0020ftyp";

  @TempDir Path folder;

  private Path file(String name, String content) throws IOException {
    return Files.write(folder.resolve(name), content.getBytes(StandardCharsets.ISO_8859_1));
  }

  private Path picture(String name) throws IOException {
    return Files.write(folder.resolve(name), ReferencePictures.read("gray.jpg"));
  }

  private static boolean isPicture(Path file) {
    ImageFormat format = ImageFormat.inFolder(file);
    return format != null && format.isRead();
  }

  @Test
  void picturesAreKnownByTheirExtension() {
    for (String name : List.of("a.jpg", "a.JPEG", "b.c.Png", "a.tiff", "a.webp", "a.GIF")) {
      assertTrue(isPicture(Path.of("x", name)), name);
    }
    for (String name : List.of("jpg", "a.txt", "a.jpg.part", "a.", "a")) {
      assertFalse(isPicture(Path.of("x", name)), name);
    }
  }

  @Test
  void picturesInAFolderAreKnownByExtensionOrContent() throws IOException {
    for (String name :
        List.of("a.jpe", "a.JFIF", "a.jif", "a.apng", "a.dib", "a.pnm", "a.pbm", "a.TIFF")) {
      assertTrue(isPicture(file(name, "")), name);
    }
    for (String name : List.of("a", "photo.jpg.1", "2019.12.24", "a.", "a.image", "a.JPG_large")) {
      assertTrue(isPicture(picture(name)), name);
    }
    for (String name : List.of("a.jpg.part", "a.crdownload", "a.bak", "a.jpg~", "a.txt")) {
      assertNull(ImageFormat.inFolder(picture(name)), name);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "BM is how this note begins and it goes on for long enough",
    "P5 is the name of a printer",
    "no picture at all",
    "''"
  })
  void aTextIsNoPicture(String text) throws IOException {
    assertNull(ImageFormat.inFolder(file("note", text)));
  }

  @Test
  void whatIsNotReadIsToldByItsContent() throws IOException {
    check(ImageFormat.AVIF, "a.avif", FTYP + "avif\0\0\0\0mif1miaf");
    check(ImageFormat.AVIF, "b.heif", FTYP + "mif1\0\0\0\0mif1avifmiaf");
    check(ImageFormat.HEIC, "a.heic", FTYP + "heic\0\0\0\0mif1heic");
    check(ImageFormat.HEIC, "a.hif", FTYP + "mif1\0\0\0\0mif1heix");
    check(ImageFormat.CAMERA_RAW, "a.cr3", FTYP + "crx \0\0\0\1crx isom");
    check(ImageFormat.VIDEO, "a.mp4", FTYP + "isom\0\0\2\0isomiso2");
    check(ImageFormat.VIDEO, "a.mov", FTYP + "qt  \0\0\0\0qt  ");
    check(ImageFormat.VIDEO, "a.webm", "\u001aE\u00df\u00a3\u009fB\u0086");
    check(ImageFormat.JPEG_XL, "a.jxl", "\u00ff\n\u00fa\u001f");
    check(ImageFormat.JPEG_XL, "b.jxl", "\0\0\0\fJXL \r\n\u0087\n");
    check(ImageFormat.JPEG_2000, "a.jp2", "\0\0\0\fjP  \r\n\u0087\n");
    check(ImageFormat.SVG, "a.svg", "<?xml version=\"1.0\"?>\n<!-- x -->\n<svg width='1'/>");
    check(ImageFormat.PDF, "a", "%PDF-1.7\n");
    check(ImageFormat.PSD, "a.psd", "8BPS\0\1");
    check(ImageFormat.CAMERA_RAW, "a.CR2", "II*\0\u0010\0\0\0CR\2\0");
    check(ImageFormat.CAMERA_RAW, "a.nef", "MM\0*\0\0\0\b");
    check(ImageFormat.CAMERA_RAW, "a.raf", "FUJIFILMCCD-RAW 0201");
    check(ImageFormat.HTML, "page", "\n<!DOCTYPE html><title>404</title>");
    check(ImageFormat.LFS_POINTER, "x", "version https://git-lfs.github.com/spec/v1\noid sha256:");
    check(ImageFormat.ICON, "favicon.ico", "\0\0\1\0\1\0" + "\20".repeat(16));
  }

  private void check(ImageFormat expected, String name, String content) throws IOException {
    Path file = file(name, content);
    assertEquals(expected, ImageFormat.inFolder(file), name);
    assertFalse(isPicture(file), name);
    var e = assertThrows(ImageDecodeException.class, () -> ImageDecoder.decode(file, true));
    assertTrue(
        e.getMessage().contains("it is " + expected.titled() + ", which is not read; "),
        e.getMessage());
  }

  @Test
  void aPictureThatIsAnotherKindInsideSaysWhich() throws IOException {
    Path file = file("iphone.jpg", FTYP + "heic\0\0\0\0mif1heic");
    var e = assertThrows(ImageDecodeException.class, () -> ImageDecoder.decode(file, true));
    assertEquals(
        file + ": it is a HEIC picture, which is not read; convert it to JPEG or PNG",
        e.getMessage());
  }

  @Test
  void whatIsNoFileIsRefusedAtOnce() throws Exception {
    Path pipe = folder.resolve("pipe.jpg");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    Path link = Files.createSymbolicLink(folder.resolve("link.jpg"), pipe);
    for (Path p : List.of(pipe, link, Path.of("/dev/zero"), Path.of("/dev/null"))) {
      var e =
          assertTimeoutPreemptively(
              Duration.ofSeconds(5),
              () -> assertThrows(ImageDecodeException.class, () -> ImageDecoder.decode(p, true)));
      assertTrue(e.getMessage().contains("no file"), e.getMessage());
    }
  }

  @Test
  void aPipeThatTookTheFilesPlaceAfterTheLookStopsNothing() throws Exception {
    Path pipe = folder.resolve("pipe.jpg");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () -> {
          try (PictureFile opened = PictureFile.openUnlooked(pipe)) {
            assertThrows(CorruptImage.class, () -> opened.read(100));
          }
        });
    assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () -> {
          try (PictureFile opened = PictureFile.openUnlooked(Path.of("/dev/zero"))) {
            assertEquals(16 << 20, opened.read(Integer.MAX_VALUE).length);
          }
        });
  }

  @Test
  void anErrorOfTheDiskIsASentence() {
    Path file = Path.of("/proc/self/mem"); // whose first byte nobody may read
    var e = assertThrows(ImageDecodeException.class, () -> ImageDecoder.decode(file, true));
    assertEquals(file + ": it cannot be read (Input/output error); check the file", e.getMessage());
  }

  @Test
  void aFileThatGrowsOrShrinksIsReadAsItWasOrAsItIs() throws Exception {
    Path file = Files.write(folder.resolve("a.bin"), new byte[1_000_000]);
    try (PictureFile opened = PictureFile.open(file)) {
      Files.write(file, new byte[10]);
      assertEquals(10, opened.read(Integer.MAX_VALUE).length);
      Files.write(file, new byte[3_000_000]);
      assertEquals(3_000_000, opened.read(Integer.MAX_VALUE).length);
      assertEquals(50, opened.read(50).length);
    }
    assertTrue(PictureFile.head(Path.of("/proc/self/maps"), Integer.MAX_VALUE).length > 1000);
  }
}
