// Global average pooling of channels-last halves, which convolutions leave behind; sums in fp32.
//
// | kernel                     | idea                                                       | bytes moved an element |
// | -------------------------- | ---------------------------------------------------------- | ---------------------- |
// | global_average_f16_v1      | a thread a channel walks over the pixels                    | 2                      |
// | global_average_f16, global_average_bf16 | a thread two channels, 8 rows of threads share the | 2                  |
// |                            | pixels and meet in shared memory: 8 times the loads in flight |                      |
// | global_average_backward_*  | dx = dy / pixels, two channels a thread                     | 2                      |
//
// Channels are even. Grid of the second: x over 64 channels, y over images; 32x8 threads.
#include "formats.cuh"

#define ROWS 8

extern "C" __global__ void global_average_f16_v1(const u16* x, float* y, i64 images, int channels, int pixels) {
  i64 i = global_index();
  if (i >= images * channels) return;
  const u16* from = x + i / channels * pixels * channels + i % channels;
  float sum = 0;
  for (int p = 0; p < pixels; p++) sum += f16_to_f32(from[(i64)p * channels]);
  y[i] = sum / pixels;
}

template <typename F>
__device__ __forceinline__ void average(const u16* x, float* y, int channels, int pixels) {
  __shared__ float2 partial[ROWS][WARP];
  int pair = blockIdx.x * WARP + threadIdx.x;
  float2 sum = make_float2(0, 0);
  if (pair < channels / 2) {
    const u32* from = (const u32*)x + (i64)blockIdx.y * pixels * (channels / 2) + pair;
    for (int p = threadIdx.y; p < pixels; p += ROWS) {
      u32 v = from[(i64)p * (channels / 2)];
      sum.x += F::load((u16)v);
      sum.y += F::load((u16)(v >> 16));
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

template <typename F>
__device__ __forceinline__ void average_backward(const float* dy, u16* dx, i64 images, int channels, int pixels) {
  i64 pairs = channels / 2;
  for (i64 i = global_index(); i < images * pixels * pairs; i += global_size()) {
    float2 d = ((const float2*)dy)[i / pairs / pixels * pairs + i % pairs];
    ((u32*)dx)[i] = F::store(d.x / pixels) | (u32)F::store(d.y / pixels) << 16;
  }
}

extern "C" __global__ void global_average_f16(const u16* x, float* y, int channels, int pixels) {
  average<F16>(x, y, channels, pixels);
}
extern "C" __global__ void global_average_bf16(const u16* x, float* y, int channels, int pixels) {
  average<BF16>(x, y, channels, pixels);
}
extern "C" __global__ void global_average_backward_f16(
    const float* dy, u16* dx, i64 images, int channels, int pixels) {
  average_backward<F16>(dy, dx, images, channels, pixels);
}
extern "C" __global__ void global_average_backward_bf16(
    const float* dy, u16* dx, i64 images, int channels, int pixels) {
  average_backward<BF16>(dy, dx, images, channels, pixels);
}
