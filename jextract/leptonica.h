/* Leptonica's reader of JPEG, which is libjpeg-turbo behind a setjmp. libjpeg itself must not be called from
 * Java: its way to report a fatal error is to leave the process or to jump over the caller's frames. From
 * leptonica/allheaders.h, environ.h and imageio.h 1.87 (BSD-2-Clause); checked against those by a test.
 *
 * A PIX of depth 32 holds a pixel in each 32-bit word, red in the highest byte; one of depth 8 holds four pixels
 * a word, the first in the highest byte. */

typedef unsigned char l_uint8;
typedef int l_int32;
typedef unsigned int l_uint32;

enum {
  L_SEVERITY_NONE = 6,
};

enum {
  /* Give the picture also where libjpeg warned. */
  L_JPEG_CONTINUE_WITH_BAD_DATA = 2,
};

/** Process-wide; returns the old threshold. */
l_int32 setMsgSeverity(l_int32 newsev);

/** A picture to be given to {@link #pixDestroy}, or 0 on an error; {@code cmflag} is 0 for no colour map, {@code
 * reduction} 1, 2, 4 or 8, {@code pnwarn} libjpeg's warnings while it decoded. */
PIX *pixReadMemJpeg(const l_uint8 *data, size_t size, l_int32 cmflag, l_int32 reduction, l_int32 *pnwarn, l_int32 hint);
l_int32 pixGetWidth(const PIX *pix);
l_int32 pixGetHeight(const PIX *pix);

/** Bits a pixel. */
l_int32 pixGetDepth(const PIX *pix);

/** 32-bit words a row. */
l_int32 pixGetWpl(const PIX *pix);
l_uint32 *pixGetData(PIX *pix);
void pixDestroy(PIX **ppix);
