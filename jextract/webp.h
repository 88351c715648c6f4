/* libwebp's simple decoding calls. From webp/decode.h (BSD-3-Clause); checked against that by a test. */

/** 0 if the header is not that of a WebP picture. */
int WebPGetInfo(const uint8_t *data, size_t data_size, int *width, int *height);

/** Rows of R, G, B bytes; 0 on an error. */
uint8_t *WebPDecodeRGBInto(
    const uint8_t *data, size_t data_size, uint8_t *output_buffer, size_t output_buffer_size, int output_stride);
