// What a network of bytes needs beside cuDNN's convolutions and cuBLASLt's products.
//
// Images are signed bytes, N, H, W, C, channels a multiple of 4, inside a frame of rows and columns that hold the zero
// point: a convolution reads its padding there, as cuDNN's own would be bytes of 0. Unsigned grids are shifted by 128.
//
// | kernel              | idea                                                          | bytes moved               |
// | ------------------- | ------------------------------------------------------------- | ------------------------- |
// | int8_quantize       | fp32 N, C, H, W to a grid; a thread 4 channels of a pixel      | 5 a value                 |
// | int8_pixels         | u8 pixels by a table of 256 values a channel: no real numbers  | 1 a value, 4 a pixel out  |
// | int8_max_pool       | a thread 4 channels of an output, one word a load              | k² (cached) + 1 an output |
// | int8_global_average | a thread 4 channels, 8 rows of threads share the pixels and    | 1 an input                |
// |                     | meet in shared memory; whole sums, rounded once                |                           |
// | int8_logits         | whole sums of the last layer to fp32                           | 8 a logit                 |
#include "common.cuh"

#define ROWS 8

// Extents of images and of the frame around them.
struct Framed {
  int height, width, channels, frame_h, frame_w;
};

struct Window {
  int kernel_h, kernel_w, stride_h, stride_w, pad_h, pad_w, dilation_h, dilation_w;
};

// Index of a word, which is 4 channels.
__device__ __forceinline__ i64 word(const Framed& f, i64 image, int row, int column, int group) {
  i64 line = image * (f.height + 2 * f.frame_h) + row + f.frame_h;
  return (line * (f.width + 2 * f.frame_w) + column + f.frame_w) * (f.channels / 4) + group;
}

__device__ __forceinline__ int byte(u32 word, int i) { return (int)(word << (24 - 8 * i)) >> 24; }

__device__ __forceinline__ u32 pack(int value, int i) { return (u32)(value & 0xff) << (8 * i); }

// Where the i-th word of the images lies in its frame.
struct Place {
  int group, column, row;
  i64 image;
  __device__ __forceinline__ Place(const Framed& f, i64 i) {
    int groups = f.channels / 4;
    group = (int)(i % groups);
    i /= groups;
    column = (int)(i % f.width);
    i /= f.width;
    row = (int)(i % f.height);
    image = i / f.height;
  }
};

__device__ __forceinline__ i64 words(const Framed& f, i64 images) {
  return images * f.height * f.width * (f.channels / 4);
}

// zero + round(x * factor), halves to even. Channels that x does not have are 0, as their filters are.
extern "C" __global__ void int8_quantize(
    const float* x, u32* y, i64 images, int channels, const Framed to, float factor, int zero) {
  for (i64 i = global_index(); i < words(to, images); i += global_size()) {
    Place p(to, i);
    u32 packed = 0;
    for (int k = 0; k < 4; k++) {
      int c = p.group * 4 + k;
      if (c >= channels) break;
      float steps = rintf(x[((p.image * channels + c) * to.height + p.row) * to.width + p.column] * factor);
      packed |= pack(min(max(zero + (int)fminf(fmaxf(steps, -1024), 1024), -128), 127), k);
    }
    y[word(to, p.image, p.row, p.column, p.group)] = packed;
  }
}

// table: for each of the 256 values of a pixel a byte a channel.
extern "C" __global__ void int8_pixels(
    const u8* pixels, const u8* table, u32* y, i64 images, int channels, const Framed to) {
  for (i64 i = global_index(); i < words(to, images); i += global_size()) {
    Place p(to, i);
    const u8* pixel = pixels + ((p.image * to.height + p.row) * to.width + p.column) * channels;
    u32 packed = 0;
    for (int k = 0; k < 4; k++) {
      int c = p.group * 4 + k;
      if (c < channels) packed |= pack(table[pixel[c] * channels + c], k);
    }
    y[word(to, p.image, p.row, p.column, p.group)] = packed;
  }
}

extern "C" __global__ void int8_max_pool(
    const u32* x, u32* y, i64 images, const Framed from, const Framed to, const Window window) {
  for (i64 i = global_index(); i < words(to, images); i += global_size()) {
    Place p(to, i);
    int most[4] = {-128, -128, -128, -128};
    for (int kh = 0; kh < window.kernel_h; kh++) {
      int row = p.row * window.stride_h - window.pad_h + kh * window.dilation_h;
      if (row < 0 || row >= from.height) continue;
      for (int kw = 0; kw < window.kernel_w; kw++) {
        int column = p.column * window.stride_w - window.pad_w + kw * window.dilation_w;
        if (column < 0 || column >= from.width) continue;
        u32 v = x[word(from, p.image, row, column, p.group)];
        for (int k = 0; k < 4; k++) most[k] = max(most[k], byte(v, k));
      }
    }
    u32 packed = 0;
    for (int k = 0; k < 4; k++) packed |= pack(most[k], k);
    y[word(to, p.image, p.row, p.column, p.group)] = packed;
  }
}

// zero + round((sum - pixels * from_zero) * factor), factor being the quotient of the scales over the pixels: in double,
// as the CPU does it, for the same bits. Grid: x over 32 words, y over images; 32x8 threads.
extern "C" __global__ void int8_global_average(
    const u32* x, u32* y, const Framed from, int from_zero, double factor, int zero) {
  __shared__ int partial[ROWS][4][WARP];
  int groups = from.channels / 4, group = blockIdx.x * WARP + threadIdx.x, pixels = from.height * from.width;
  int sum[4] = {0, 0, 0, 0};
  if (group < groups) {
    for (int p = threadIdx.y; p < pixels; p += ROWS) {
      u32 v = x[word(from, blockIdx.y, p / from.width, p % from.width, group)];
      for (int k = 0; k < 4; k++) sum[k] += byte(v, k);
    }
  }
  for (int k = 0; k < 4; k++) partial[threadIdx.y][k][threadIdx.x] = sum[k];
  __syncthreads();
  if (threadIdx.y != 0 || group >= groups) return;
  u32 packed = 0;
  for (int k = 0; k < 4; k++) {
    for (int r = 1; r < ROWS; r++) sum[k] += partial[r][k][threadIdx.x];
    double steps = rint((sum[k] - pixels * from_zero) * factor);
    packed |= pack(min(max(zero + (int)fmin(fmax(steps, -1024.0), 1024.0), -128), 127), k);
  }
  y[(i64)blockIdx.y * groups + group] = packed;
}

// Sums come in rows of `padded`.
extern "C" __global__ void int8_logits(
    const int* sums, const int* bias, const float* factor, float* y, i64 rows, int outs, int padded) {
  for (i64 i = global_index(); i < rows * outs; i += global_size()) {
    int o = (int)(i % outs);
    y[i] = (float)(sums[i / outs * padded + o] + bias[o]) * factor[o];
  }
}
