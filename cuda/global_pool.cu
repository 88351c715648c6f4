// Global average pooling of NHWC fp16, the layout that convolutions leave behind; sums in fp32.
//
// | kernel                     | idea                                                       | bytes moved an element |
// | -------------------------- | ---------------------------------------------------------- | ---------------------- |
// | global_average_nhwc_v1     | a thread a channel walks over the pixels                    | 2                      |
// | global_average_nhwc        | a thread two channels, 8 rows of threads share the pixels   | 2                      |
// |                            | and meet in shared memory: 8 times the loads in flight       |                        |
// | global_average_nhwc_backward | dx = dy / pixels, two channels a thread                    | 2                      |
//
// Channels are even (they are padded to 8). Grid of the second: x over 64 channels, y over images; 32x8 threads.
#include "common.cuh"

#define ROWS 8

extern "C" __global__ void global_average_nhwc_v1(const u16* x, float* y, i64 images, int channels, int pixels) {
  i64 i = global_index();
  if (i >= images * channels) return;
  const u16* from = x + i / channels * pixels * channels + i % channels;
  float sum = 0;
  for (int p = 0; p < pixels; p++) sum += f16_to_f32(from[(i64)p * channels]);
  y[i] = sum / pixels;
}

extern "C" __global__ void global_average_nhwc(const u16* x, float* y, int channels, int pixels) {
  __shared__ float2 partial[ROWS][WARP];
  int pair = blockIdx.x * WARP + threadIdx.x;
  float2 sum = make_float2(0, 0);
  if (pair < channels / 2) {
    const u32* from = (const u32*)x + (i64)blockIdx.y * pixels * (channels / 2) + pair;
    for (int p = threadIdx.y; p < pixels; p += ROWS) {
      u32 v = from[(i64)p * (channels / 2)];
      sum.x += f16_to_f32((u16)v);
      sum.y += f16_to_f32((u16)(v >> 16));
    }
  }
  partial[threadIdx.y][threadIdx.x] = sum;
  __syncthreads();
  if (threadIdx.y == 0 && pair < channels / 2) {
    for (int r = 1; r < ROWS; r++) {
      sum.x += partial[r][threadIdx.x].x;
      sum.y += partial[r][threadIdx.x].y;
    }
    ((float2*)y)[(i64)blockIdx.y * (channels / 2) + pair] = make_float2(sum.x / pixels, sum.y / pixels);
  }
}

extern "C" __global__ void global_average_nhwc_backward(const float* dy, u16* dx, i64 images, int channels, int pixels) {
  i64 pairs = channels / 2;
  for (i64 i = global_index(); i < images * pixels * pairs; i += global_size()) {
    float2 d = ((const float2*)dy)[i / pairs / pixels * pairs + i % pairs];
    ((u32*)dx)[i] = f32_to_f16(d.x / pixels) | (u32)f32_to_f16(d.y / pixels) << 16;
  }
}
