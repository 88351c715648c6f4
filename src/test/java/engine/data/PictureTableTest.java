package engine.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.TestPictures;
import engine.base.UserError;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables of pictures as people have them. */
final class PictureTableTest {
  @TempDir Path root;

  @BeforeEach
  void draw() throws IOException {
    for (String name : List.of("a.png", "b.png", "c.png", "d.png", "sub/e.png", "has, comma.png")) {
      Path file = root.resolve(name);
      Files.createDirectories(file.getParent());
      TestPictures.write(file, 2, 2, name.hashCode(), 0);
    }
  }

  private Path table(String name, String text) throws IOException {
    return table(name, text, StandardCharsets.UTF_8);
  }

  private Path table(String name, String text, Charset as) throws IOException {
    return Files.write(root.resolve(name), text.getBytes(as));
  }

  private PictureTable read(String text) throws IOException {
    return PictureTable.read(table("labels.csv", text));
  }

  private String rows(PictureTable t) {
    StringBuilder out = new StringBuilder();
    for (PictureTable.Row r : t.rows()) {
      out.append(root.relativize(r.file())).append('=').append(r.label());
      out.append(r.side() == null ? "" : "/" + r.side()).append(' ');
    }
    return out.toString().strip();
  }

  private void refused(String text, String... parts) {
    UserError e = assertThrows(UserError.class, () -> read(text));
    for (String part : parts) {
      assertTrue(e.getMessage().contains(part), e.getMessage());
    }
    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "'file,label\na.png,x\nb.png,y\n'",
    "'Image Path;Class;n\na.png;x;1\nb.png;y;2\n'",
    "'\ufeffpath\ttarget\r\na.png\tx\r\nb.png\ty'",
    "'n,class_name,FILENAME\r1,x,a.png\r2,y,b.png\r'",
    "'sep=;\nimage;category\na.png;x\nb.png;y\n'",
    "',label,file\n0,x,./a.png\n1,y,sub/../b.png\n'",
    "'file,label\n\na.png , x\n,\n\"b.png\",\"y\"\n\n'",
    "'file,label\na.png,x,,\nb.png,y,\n'",
  })
  void theSameTableInManyHands(String text) throws IOException {
    PictureTable t = read(text);
    assertEquals("a.png=x b.png=y", rows(t));
    assertEquals(List.of(), t.warnings());
  }

  @Test
  void utf16AsSpreadsheetsSaveIt() throws IOException {
    Path file = table("l.tsv", "\ufefffile\tlabel\r\na.png\tKäse\r\n", StandardCharsets.UTF_16LE);
    assertEquals("a.png=Käse", rows(PictureTable.read(file)));
  }

  @Test
  void quotesHoldSeparatorsLineEndsAndQuotes() throws IOException {
    assertEquals(
        "has, comma.png=12\" and\nmore",
        rows(read("file,label\n\"has, comma.png\",\"12\"\" and\nmore\"\n")));
    assertEquals("a.png=12\" wide", rows(read("file,label\na.png,12\" wide\n")));
  }

  @Test
  void pathsAreAbsoluteOrBelowTheTable() throws IOException {
    Path other = Files.createDirectories(root.resolve("tables"));
    Path t =
        Files.writeString(
            other.resolve("t.csv"),
            "file,label\n%s,x\n../b.png,y\n".formatted(root.resolve("a.png")));
    assertEquals("a.png=x b.png=y", rows(PictureTable.read(t)));
    assertEquals("sub/e.png=x", rows(read("file,label\nsub\\e.png,x\n")));
  }

  @Test
  void sidesAreKnownByName() throws IOException {
    assertEquals(
        "a.png=x/train b.png=y/val c.png=x/test",
        rows(read("file,label,Split\na.png,x,TRAINING\nb.png,y,Valid\nc.png,x,test\n")));
    assertEquals(
        "a.png=x/train b.png=y/val",
        rows(read("file,label,is_valid\na.png,x,False\nb.png,y,True\n")));
    assertEquals("a.png=x b.png=y", rows(read("file,label,set\na.png,x,s1\nb.png,y,s2\n")));
    refused(
        "file,label,split\na.png,x,train\nb.png,y,fold3\n",
        "'fold3' in line 3 of",
        "the column split must say train, val or test");
  }

  @Test
  void whatIsLeftOutIsCounted() throws IOException {
    Files.writeString(root.resolve("notes.txt"), "no picture");
    PictureTable t =
        read("file,label\na.png,x\nb.png,\nc.png\n,y\na.png,x\nd.png,y\ngone.png,y\nnotes.txt,y\n");
    assertEquals("a.png=x d.png=y", rows(t));
    String said = String.join("\n", t.warnings());
    for (String part :
        List.of(
            "labels.csv names no file",
            "2 rows of",
            "give no class and are left out, the first in line 3",
            "line 6 of",
            "says again what an earlier one says",
            "1 of the 4 files that",
            "gone.png (line 8)",
            "1 .txt")) {
      assertTrue(said.contains(part), said);
    }
  }

  @Test
  void contradictionsAreRefused() {
    refused("file,label\na.png,x\n./a.png,y\n", "two classes, 'x' in line 2 and 'y' in line 3");
    refused(
        "file,label,split\na.png,x,train\na.png,x,val\n",
        "a.png on two sides, train in line 2 and val in line 3");
    refused("file,label\nhas, comma.png,x\n", "line 2 of", "3 cells where the first line has 2");
  }

  @Test
  void whatIsNoTableIsSaid() throws IOException {
    refused("", "is empty: a table needs a row a picture");
    refused("file,label\n", "has no row with both a file and a class");
    refused("file,label\na.png,\n", "1 has no class");
    refused("name,kind\na,b\n", "no column of files", "which has name, kind");
    refused("file,kind\na,b\n", "no column of classes: name one label, class or target");
    refused("file,label\n\"a.png,x\nb.png,y\n", "a quote that opens in line 2 has no end");
    refused("file,label\nz.png,x\n", "none of the 1 file that", "z.png (line 2)", "absolute");
    refused("file,label\nhttp://x/z.png,x\n", "download the pictures");
    UserError e =
        assertThrows(
            UserError.class,
            () ->
                PictureTable.read(
                    table("l.csv", "file,label\na.png,Käse\n", StandardCharsets.ISO_8859_1)));
    assertTrue(e.getMessage().contains("no text in UTF-8"), e.getMessage());
    e = assertThrows(UserError.class, () -> PictureTable.read(table("l.csv", "a\0b,\0\0\n")));
    assertTrue(e.getMessage().contains("is no text"), e.getMessage());
  }

  @Test
  void aTableWithoutAHeaderSaysSo() throws IOException {
    PictureTable t = read("a.png,x\nb.png,y\n");
    assertEquals("a.png=x b.png=y", rows(t));
    assertTrue(t.warnings().getFirst().contains("has no header"), t.warnings().toString());
  }

  @Test
  void severalColumnsForOneThingAreSaid() throws IOException {
    PictureTable t = read("filename,path,label\nz.png,a.png,x\nz.png,b.png,X\n");
    assertEquals("a.png=x b.png=X", rows(t));
    assertTrue(t.warnings().get(0).contains("filename, path: path is taken"), t.warnings() + "");
    assertTrue(t.warnings().get(1).contains("are two classes"), t.warnings() + "");
  }

  @Test
  void classesAreTheSameInEitherUnicodeForm() throws IOException {
    assertEquals("a.png=é b.png=é", rows(read("file,label\na.png,é\nb.png,e\u0301\n")));
  }

  @Test
  void aTableIsASourceLikeAFolder() throws IOException {
    Path file = table("labels.csv", "file,label\na.png,x\nb.png,x\nc.png,y\nd.png,y\n");
    Datasets.Split held = Datasets.open(file.toString(), () -> root, 1, 0.5);
    assertEquals(2, held.train().size());
    assertEquals(2, held.val().size());
    assertEquals(List.of("x", "y"), held.val().classNames());
    assertEquals(2, held.val().load(0).width());
    table(
        "labels.csv",
        "file,label,split\na.png,y,train\nb.png,x,train\nc.png,y,test\nd.png,y,test\n");
    Datasets.Split given = Datasets.open(file.toString(), () -> root, 1, 0.5);
    assertEquals(List.of("x", "y"), given.train().classNames());
    assertEquals(1, given.val().label(0), "the labels of training");
    assertTrue(given.description().contains("train and test"), given.description());
    assertTrue(
        given.warnings().toString().contains("no pictures of x (1 of 2"), given.warnings() + "");
    table("labels.csv", "file,label,split\na.png,y,train\nb.png,x,train\nc.png,z,val\n");
    UserError e =
        assertThrows(UserError.class, () -> Datasets.open(file.toString(), () -> root, 1, 0.5));
    assertTrue(e.getMessage().contains("'z' (1) of"), e.getMessage());
    assertTrue(e.getMessage().contains("not among the classes of training"), e.getMessage());
    table("labels.csv", "file,label\na.png,y\nb.png,y\n");
    e = assertThrows(UserError.class, () -> Datasets.open(file.toString(), () -> root, 1, 0.5));
    assertTrue(e.getMessage().contains("only one class"), e.getMessage());
  }
}
