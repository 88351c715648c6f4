/* libtiff's reading calls. From tiff.h and tiffio.h 4.7 (libtiff licence); checked against those by a test. */

typedef int64_t tmsize_t;
typedef uint64_t toff_t;
typedef void *thandle_t;

/* A pointer to a function, or 0 for none. */
typedef void *TIFFErrorHandler;

typedef tmsize_t (*TIFFReadWriteProc)(thandle_t fd, void *buf, tmsize_t size);
typedef toff_t (*TIFFSeekProc)(thandle_t fd, toff_t off, int whence);
typedef int (*TIFFCloseProc)(thandle_t fd);
typedef toff_t (*TIFFSizeProc)(thandle_t fd);
typedef int (*TIFFMapFileProc)(thandle_t fd, void **base, toff_t *size);
typedef void (*TIFFUnmapFileProc)(thandle_t fd, void *base, toff_t size);

#define TIFFTAG_IMAGEWIDTH 256
#define TIFFTAG_IMAGELENGTH 257
#define TIFFTAG_ORIENTATION 274
#define TIFFTAG_ROWSPERSTRIP 278
#define TIFFTAG_TILEWIDTH 322
#define TIFFTAG_TILELENGTH 323
#define TIFFTAG_JPEGCOLORMODE 65538
#define JPEGCOLORMODE_RGB 1
#define ORIENTATION_TOPLEFT 1

TIFFErrorHandler TIFFSetErrorHandler(TIFFErrorHandler handler);
TIFFErrorHandler TIFFSetWarningHandler(TIFFErrorHandler handler);

/** 1 if data of this compression can be read. */
int TIFFIsCODECConfigured(uint16_t scheme);
TIFFOpenOptions *TIFFOpenOptionsAlloc(void);
void TIFFOpenOptionsFree(TIFFOpenOptions *opts);
void TIFFOpenOptionsSetMaxSingleMemAlloc(TIFFOpenOptions *opts, tmsize_t max_single_mem_alloc);
void TIFFOpenOptionsSetMaxCumulatedMemAlloc(TIFFOpenOptions *opts, tmsize_t max_cumulated_mem_alloc);

/** A file to be given to {@link #TIFFClose}, its first directory read; or 0 on an error. */
TIFF *TIFFClientOpenExt(
    const char *filename, const char *mode, thandle_t clientdata, TIFFReadWriteProc readproc,
    TIFFReadWriteProc writeproc, TIFFSeekProc seekproc, TIFFCloseProc closeproc, TIFFSizeProc sizeproc,
    TIFFMapFileProc mapproc, TIFFUnmapFileProc unmapproc, TIFFOpenOptions *opts);
void TIFFClose(TIFF *tif);

/** 0 if the file does not say; {@code value} points to the tag's type. */
int TIFFGetField(TIFF *tif, uint32_t tag, ... /* void *value */);

/** 0 on an error; for tags of one integer. */
int TIFFSetField(TIFF *tif, uint32_t tag, ... /* int value */);
int TIFFIsTiled(TIFF *tif);

/** Bytes of a whole strip, unpacked; 0 on an error, as of the next three. */
uint64_t TIFFStripSize64(TIFF *tif);
uint64_t TIFFScanlineSize64(TIFF *tif);
uint64_t TIFFTileSize64(TIFF *tif);
uint64_t TIFFTileRowSize64(TIFF *tif);
uint32_t TIFFComputeStrip(TIFF *tif, uint32_t row, uint16_t sample);
uint32_t TIFFComputeTile(TIFF *tif, uint32_t x, uint32_t y, uint32_t z, uint16_t s);

/** Bytes read, in the machine's byte order, or -1 on an error. */
tmsize_t TIFFReadEncodedStrip(TIFF *tif, uint32_t strip, void *buf, tmsize_t size);

/** Bytes read, in the machine's byte order, or -1 on an error. */
tmsize_t TIFFReadEncodedTile(TIFF *tif, uint32_t tile, void *buf, tmsize_t size);

/** 0 on an error; a pixel is a 32-bit word, red in the lowest byte. */
int TIFFReadRGBAImageOriented(
    TIFF *tif, uint32_t rwidth, uint32_t rheight, uint32_t *raster, int orientation, int stop_on_error);
