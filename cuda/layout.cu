// Between row-major [N, C, S], which users see, and channels-last [N, S, C], which tensor cores read; S is the pixels
// of a plane. Values are only moved: a kernel serves every type of its width.
//
// | kernel              | idea                                                             | bytes moved a 2-byte element |
// | ------------------- | ---------------------------------------------------------------- | ---------------------------- |
// | channels_last_16_v1 | a thread an output: writes side by side, but each read is a plane | 4, 34 fetched                |
// |                     | away from its neighbour's                                         |                              |
// | channels_last_*     | 32x32 tiles turned in shared memory: both sides are side by side; | 4                            |
// |                     | a 33rd column keeps the turned reads off one bank                 |                              |
// | row_major_*         | the way back                                                      | 4                            |
// | few_channels_*      | a thread a pixel, for images of 1 to 8 channels, of which a tile  | 4                            |
// |                     | would hold little; channels up to `padded` become 0: tensor cores |                              |
// |                     | want 4 or 8                                                       |                              |
// | copy_rows_*         | rows that lie apart: parts of channels, of pictures. cuMemcpy2D    | 4                            |
// |                     | takes only pitches that cuMemAllocPitch gave, or below 128 KiB    |                              |
//
// Grid of the tiles: x over pixels, y over channels, z over images; 32x8 threads.
#include "common.cuh"

#define TILE 32
#define ROWS 8

extern "C" __global__ void channels_last_16_v1(const u16* x, u16* y, i64 images, int channels, int plane) {
  i64 i = global_index();
  if (i >= images * plane * channels) return;
  i64 pixel = i / channels % plane, image = i / channels / plane;
  y[i] = x[(image * channels + i % channels) * plane + pixel];
}

// [images, rows, columns] to [images, columns, rows].
template <typename T>
__device__ __forceinline__ void turn(const T* __restrict__ x, T* __restrict__ y, i64 images, int rows, int columns) {
  __shared__ T tile[TILE][TILE + 1];
  int row = blockIdx.y * TILE, column = blockIdx.x * TILE;
  for (i64 image = blockIdx.z; image < images; image += gridDim.z) {
    const T* from = x + image * rows * columns;
    T* to = y + image * rows * columns;
    for (int r = threadIdx.y; r < TILE; r += ROWS) {
      if (row + r < rows && column + threadIdx.x < columns) {
        tile[r][threadIdx.x] = from[(i64)(row + r) * columns + column + threadIdx.x];
      }
    }
    __syncthreads();
    for (int r = threadIdx.y; r < TILE; r += ROWS) {
      if (column + r < columns && row + threadIdx.x < rows) {
        to[(i64)(column + r) * rows + row + threadIdx.x] = tile[threadIdx.x][r];
      }
    }
    __syncthreads();  // the next image may use the tile again
  }
}

extern "C" __global__ void channels_last_16(const u16* x, u16* y, i64 images, int channels, int plane) {
  turn(x, y, images, channels, plane);
}
extern "C" __global__ void channels_last_32(const u32* x, u32* y, i64 images, int channels, int plane) {
  turn(x, y, images, channels, plane);
}
// Grid: x over channels, y over pixels.
extern "C" __global__ void row_major_16(const u16* x, u16* y, i64 images, int channels, int plane) {
  turn(x, y, images, plane, channels);
}
extern "C" __global__ void row_major_32(const u32* x, u32* y, i64 images, int channels, int plane) {
  turn(x, y, images, plane, channels);
}

// Neighbours of x are `pixel_step` apart along the pixels and `channel_step` along the channels.
template <typename T>
__device__ __forceinline__ void few_channels(
    const T* __restrict__ x, T* __restrict__ y, i64 images, int channels, int padded, int plane, int pixel_step,
    int channel_step) {
  for (i64 i = global_index(); i < images * plane; i += global_size()) {
    const T* from = x + i / plane * channels * plane + i % plane * pixel_step;
    for (int c = 0; c < padded; c++) y[i * padded + c] = c < channels ? from[(i64)c * channel_step] : (T)0;
  }
}

extern "C" __global__ void few_channels_16(
    const u16* x, u16* y, i64 images, int channels, int padded, int plane, int pixel_step, int channel_step) {
  few_channels(x, y, images, channels, padded, plane, pixel_step, channel_step);
}
extern "C" __global__ void few_channels_32(
    const u32* x, u32* y, i64 images, int channels, int padded, int plane, int pixel_step, int channel_step) {
  few_channels(x, y, images, channels, padded, plane, pixel_step, channel_step);
}

// Rows of `width` units each, whose starts are from_pitch and to_pitch units apart.
template <typename T>
__device__ __forceinline__ void copy_rows(
    const T* __restrict__ x, i64 from_pitch, T* __restrict__ y, i64 to_pitch, i64 width, i64 rows) {
  for (i64 i = global_index(); i < width * rows; i += global_size()) {
    i64 row = i / width, at = i - row * width;
    y[row * to_pitch + at] = x[row * from_pitch + at];
  }
}

extern "C" __global__ void copy_rows_16(
    const u16* x, i64 from_pitch, u16* y, i64 to_pitch, i64 width, i64 rows) {
  copy_rows(x, from_pitch, y, to_pitch, width, rows);
}
extern "C" __global__ void copy_rows_32(
    const u32* x, i64 from_pitch, u32* y, i64 to_pitch, i64 width, i64 rows) {
  copy_rows(x, from_pitch, y, to_pitch, width, rows);
}
extern "C" __global__ void copy_rows_128(
    const uint4* x, i64 from_pitch, uint4* y, i64 to_pitch, i64 width, i64 rows) {
  copy_rows(x, from_pitch, y, to_pitch, width, rows);
}
