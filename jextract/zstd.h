/* libzstd's streaming decoder. From zstd.h and zstd_errors.h 1.5 (BSD-3-Clause). */

typedef enum {
  ZSTD_error_frameParameter_windowTooLarge = 16,
} ZSTD_ErrorCode;

/** A decoder to be given to {@link #ZSTD_freeDCtx}, or 0 without memory. */
ZSTD_DCtx *ZSTD_createDCtx(void);
size_t ZSTD_freeDCtx(ZSTD_DCtx *dctx);

/** 0 at the end of a frame, or an error, or how much it would like to read next. */
size_t ZSTD_decompressStream(ZSTD_DStream *zds, ZSTD_outBuffer *output, ZSTD_inBuffer *input);

/** Whether the result of another function is an error. */
unsigned ZSTD_isError(size_t result);
ZSTD_ErrorCode ZSTD_getErrorCode(size_t functionResult);
