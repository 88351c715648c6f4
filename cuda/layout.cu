// Between NCHW, which users see, and NHWC with channels padded to a multiple of 8, which tensor cores read.
//
// | kernel              | idea                                                             | bytes moved an element |
// | ------------------- | ---------------------------------------------------------------- | ---------------------- |
// | nchw_to_nhwc_f16_v1 | a thread an output: writes side by side, but each read is a plane  | 6, 34 fetched         |
// |                     | away from its neighbour's                                         |                        |
// | nchw_to_nhwc_f16    | 32x32 tiles turned in shared memory: both sides are side by side;  | 6                      |
// |                     | a 33rd column keeps the turned reads off one bank                  |                        |
// | nhwc_f16_to_nchw    | the way back                                                      | 6                      |
//
// Grid: x over tiles of pixels, y over tiles of channels, z over images; 32x8 threads.
#include "common.cuh"

#define TILE 32
#define ROWS 8

extern "C" __global__ void nchw_to_nhwc_f16_v1(const float* x, u16* y, int n, int channels, int padded, int plane) {
  i64 i = global_index();
  if (i >= (i64)n * plane * padded) return;
  int c = (int)(i % padded);
  i64 pixel = i / padded % plane, image = i / padded / plane;
  y[i] = c < channels ? f32_to_f16(x[(image * channels + c) * plane + pixel]) : (u16)0;
}

// Channels from `channels` to `padded` become 0.
extern "C" __global__ void nchw_to_nhwc_f16(const float* x, u16* y, int channels, int padded, int plane) {
  __shared__ float tile[TILE][TILE + 1];
  i64 image = blockIdx.z;
  int pixel = blockIdx.x * TILE + threadIdx.x;
  for (int r = threadIdx.y; r < TILE; r += ROWS) {
    int c = blockIdx.y * TILE + r;
    tile[r][threadIdx.x] = c < channels && pixel < plane ? x[(image * channels + c) * plane + pixel] : 0;
  }
  __syncthreads();
  int c = blockIdx.y * TILE + threadIdx.x;
  for (int r = threadIdx.y; r < TILE; r += ROWS) {
    pixel = blockIdx.x * TILE + r;
    if (c < padded && pixel < plane) y[(image * plane + pixel) * padded + c] = f32_to_f16(tile[threadIdx.x][r]);
  }
}

extern "C" __global__ void nhwc_f16_to_nchw(const u16* x, float* y, int channels, int padded, int plane) {
  __shared__ float tile[TILE][TILE + 1];
  i64 image = blockIdx.z;
  int c = blockIdx.y * TILE + threadIdx.x;
  for (int r = threadIdx.y; r < TILE; r += ROWS) {
    int pixel = blockIdx.x * TILE + r;
    tile[r][threadIdx.x] = c < channels && pixel < plane ? f16_to_f32(x[(image * plane + pixel) * padded + c]) : 0;
  }
  __syncthreads();
  int pixel = blockIdx.x * TILE + threadIdx.x;
  for (int r = threadIdx.y; r < TILE; r += ROWS) {
    c = blockIdx.y * TILE + r;
    if (c < channels && pixel < plane) y[(image * channels + c) * plane + pixel] = tile[threadIdx.x][r];
  }
}
