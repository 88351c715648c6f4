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
// |                     | meet in shared memory; whole sums, rounded once or left real   |                           |
// | int8_logits         | whole sums of the last layer to fp32                           | 8 a logit                 |
// | int8_depthwise      | a thread 4 channels of an output, one word a load of each      | k² (cached) + 1 an output |
// | int8_grouped        | the same for groups of any width, byte by byte                 | k²·C/g (cached) + 1       |
// | int8_map            | a function by a table of 256 bytes                             | 2 a value                 |
// | int8_add            | the sum of two grids on a third                                | 3 a value                 |
// | int8_gate           | each channel of an image times a real number                   | 2 a value                 |
// | int8_real           | bytes to fp32 N, C, H, W                                       | 5 a value                 |
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

// The real number (sum - pixels * from_zero) * factor where `real` is not null, else zero + round of that: factor is the
// quotient of the scales over the pixels. In double, as the CPU does it, for the same bits. Grid: x over 32 words, y over
// images; 32x8 threads. `real` has `channels` a row.
extern "C" __global__ void int8_global_average(
    const u32* x, u32* y, float* real, int channels, const Framed from, int from_zero, double factor, int zero) {
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
    double mean = (sum[k] - pixels * from_zero) * factor;
    if (real != nullptr) {
      int c = group * 4 + k;
      if (c < channels) real[(i64)blockIdx.y * channels + c] = (float)mean;
      continue;
    }
    double steps = rint(mean);
    packed |= pack(min(max(zero + (int)fmin(fmax(steps, -1024.0), 1024.0), -128), 127), k);
  }
  if (real == nullptr) y[(i64)blockIdx.y * groups + group] = packed;
}

// Sums come in rows of `padded`.
extern "C" __global__ void int8_logits(
    const int* sums, const int* bias, const float* factor, float* y, i64 rows, int outs, int padded) {
  for (i64 i = global_index(); i < rows * outs; i += global_size()) {
    int o = (int)(i % outs);
    y[i] = (float)(sums[i / outs * padded + o] + bias[o]) * factor[o];
  }
}

// What follows the sums of a convolution, as cuDNN's graph has it: one product, sums, one rounding.
struct After {
  const float* factor;
  const float* bias;
  const u32* residual;
  float residual_factor, lowest;
  __device__ __forceinline__ u32 operator()(const int* sum, int group, u32 added) const {
    u32 packed = 0;
    for (int k = 0; k < 4; k++) {
      float q = __fadd_rn(__fmul_rn((float)sum[k], factor[group * 4 + k]), bias[group * 4 + k]);
      if (residual != nullptr) q = __fadd_rn(q, __fmul_rn((float)byte(added, k), residual_factor));
      packed |= pack((int)rintf(fminf(fmaxf(q, lowest), 127)), k);
    }
    return packed;
  }
};

// w: by tap, 4 channels a word. The padding is in the frame of x.
extern "C" __global__ void int8_depthwise(
    const u32* x, const u32* w, const float* factor, const float* bias, const u32* residual, float residual_factor,
    float lowest, u32* y, i64 images, const Framed from, const Framed other, const Framed to, const Window window) {
  After after = {factor, bias, residual, residual_factor, lowest};
  int groups = to.channels / 4;
  for (i64 i = global_index(); i < words(to, images); i += global_size()) {
    Place p(to, i);
    int sum[4] = {0, 0, 0, 0};
    for (int kh = 0; kh < window.kernel_h; kh++) {
      int row = p.row * window.stride_h - window.pad_h + kh * window.dilation_h;
      for (int kw = 0; kw < window.kernel_w; kw++) {
        int column = p.column * window.stride_w - window.pad_w + kw * window.dilation_w;
        u32 v = x[word(from, p.image, row, column, p.group)];
        u32 f = w[(kh * window.kernel_w + kw) * groups + p.group];
        for (int k = 0; k < 4; k++) sum[k] += byte(v, k) * byte(f, k);
      }
    }
    u32 added = residual == nullptr ? 0 : residual[word(other, p.image, p.row, p.column, p.group)];
    y[word(to, p.image, p.row, p.column, p.group)] = after(sum, p.group, added);
  }
}

// w: by tap and channel of a group, then 4 outputs a word; `ins` and `outs` channels a group.
extern "C" __global__ void int8_grouped(
    const u32* x, const u32* w, const float* factor, const float* bias, const u32* residual, float residual_factor,
    float lowest, u32* y, i64 images, const Framed from, const Framed other, const Framed to, const Window window, int ins,
    int outs) {
  After after = {factor, bias, residual, residual_factor, lowest};
  int groups = to.channels / 4;
  for (i64 i = global_index(); i < words(to, images); i += global_size()) {
    Place p(to, i);
    int sum[4] = {0, 0, 0, 0};
    for (int kh = 0; kh < window.kernel_h; kh++) {
      int row = p.row * window.stride_h - window.pad_h + kh * window.dilation_h;
      for (int kw = 0; kw < window.kernel_w; kw++) {
        int column = p.column * window.stride_w - window.pad_w + kw * window.dilation_w;
        for (int c = 0; c < ins; c++) {
          u32 f = w[((kh * window.kernel_w + kw) * ins + c) * groups + p.group];
          for (int k = 0; k < 4; k++) {
            int channel = (p.group * 4 + k) / outs * ins + c;
            // Outputs that only fill up have filters of 0, and their groups may not be there.
            if (channel >= from.channels) continue;
            sum[k] += byte(x[word(from, p.image, row, column, channel / 4)], channel % 4) * byte(f, k);
          }
        }
      }
    }
    u32 added = residual == nullptr ? 0 : residual[word(other, p.image, p.row, p.column, p.group)];
    y[word(to, p.image, p.row, p.column, p.group)] = after(sum, p.group, added);
  }
}

// table: by the stored byte without its sign.
extern "C" __global__ void int8_map(
    const u32* x, const u8* table, u32* y, i64 images, const Framed from, const Framed to) {
  for (i64 i = global_index(); i < words(to, images); i += global_size()) {
    Place p(to, i);
    u32 v = x[word(from, p.image, p.row, p.column, p.group)];
    u32 packed = 0;
    for (int k = 0; k < 4; k++) packed |= pack(table[byte(v, k) & 0xff], k);
    y[word(to, p.image, p.row, p.column, p.group)] = packed;
  }
}

// zero + round(x * factor), as int8_quantize has it.
__device__ __forceinline__ int rounded(float x, float factor, int zero) {
  float steps = rintf(__fmul_rn(x, factor));
  return min(max(zero + (int)fminf(fmaxf(steps, -1024), 1024), -128), 127);
}

extern "C" __global__ void int8_add(
    const u32* a, const u32* b, u32* y, i64 images, const Framed first, const Framed second, const Framed to, float scale_a,
    int zero_a, float scale_b, int zero_b, float factor, int zero) {
  for (i64 i = global_index(); i < words(to, images); i += global_size()) {
    Place p(to, i);
    u32 va = a[word(first, p.image, p.row, p.column, p.group)];
    u32 vb = b[word(second, p.image, p.row, p.column, p.group)];
    u32 packed = 0;
    for (int k = 0; k < 4; k++) {
      float x = __fmul_rn((float)(byte(va, k) - zero_a), scale_a);
      float z = __fmul_rn((float)(byte(vb, k) - zero_b), scale_b);
      packed |= pack(rounded(__fadd_rn(x, z), factor, zero), k);
    }
    y[word(to, p.image, p.row, p.column, p.group)] = packed;
  }
}

// gate: fp32, images by `channels`.
extern "C" __global__ void int8_gate(
    const u32* x, const float* gate, u32* y, i64 images, int channels, const Framed from, const Framed to, float scale,
    int from_zero, float factor, int zero) {
  for (i64 i = global_index(); i < words(to, images); i += global_size()) {
    Place p(to, i);
    u32 v = x[word(from, p.image, p.row, p.column, p.group)];
    u32 packed = 0;
    for (int k = 0; k < 4; k++) {
      int c = p.group * 4 + k;
      if (c >= channels) break;
      float real = __fmul_rn((float)(byte(v, k) - from_zero), scale);
      packed |= pack(rounded(__fmul_rn(real, gate[p.image * channels + c]), factor, zero), k);
    }
    y[word(to, p.image, p.row, p.column, p.group)] = packed;
  }
}

// y: fp32 N, C, H, W, `channels` of them.
extern "C" __global__ void int8_real(
    const u32* x, float* y, i64 images, int channels, const Framed from, float scale, int zero) {
  for (i64 i = global_index(); i < words(from, images); i += global_size()) {
    Place p(from, i);
    u32 v = x[word(from, p.image, p.row, p.column, p.group)];
    for (int k = 0; k < 4; k++) {
      int c = p.group * 4 + k;
      if (c >= channels) break;
      y[((p.image * channels + c) * from.height + p.row) * from.width + p.column] =
          __fmul_rn((float)(byte(v, k) - zero), scale);
    }
  }
}
