// Pooling over the planes of row-major [N, C, H, W]: maximum, average, and their adaptive forms.
//
// | kernel                 | idea                                                        | bytes moved             |
// | ---------------------- | ----------------------------------------------------------- | ----------------------- |
// | max_pool               | a thread an output; keeps the place of the first maximum     | 4 k² (cached) + 8 an output |
// | max_pool_backward_v1   | a thread an output adds to its maximum: atomics, any order    | 12 an output            |
// | max_pool_backward      | a thread an input looks at the windows over it: no atomics,   | 8 an output, 4 an input |
// |                        | the same bits every time, and no zeroing before               |                         |
// | average_pool(_backward) | likewise; each window has its own divisor                    | 4 an output, 4 an input |
// | adaptive_average(_backward) | output o averages inputs floor(o*I/O) to ceil((o+1)*I/O) | the same                |
// | adaptive_max(_backward) | the maximum of such a cell                                   | the same + places       |
// | global_average         | adaptive to 1x1: a warp a plane                               | 4 an input              |
//
// `where` is the flat index in the H*W plane, -1 where a window holds padding only (then y is -inf).
#include "common.cuh"

struct Pool {
  int h, w, out_h, out_w;
  int kernel_h, kernel_w, stride_h, stride_w, pad_h, pad_w, dilation_h, dilation_w;
  int count_include_pad;
};

// Planes are the product of N and C; an output index is (plane, oh, ow).
extern "C" __global__ void max_pool(const float* x, float* y, int* where, i64 planes, const Pool p) {
  for (i64 o = global_index(); o < planes * p.out_h * p.out_w; o += global_size()) {
    int ow = (int)(o % p.out_w), oh = (int)(o / p.out_w % p.out_h);
    const float* from = x + o / p.out_w / p.out_h * p.h * p.w;
    float best = -infinity();
    int at = -1;
    for (int kh = 0; kh < p.kernel_h; kh++) {
      int h = oh * p.stride_h - p.pad_h + kh * p.dilation_h;
      if (h < 0 || h >= p.h) continue;
      for (int kw = 0; kw < p.kernel_w; kw++) {
        int w = ow * p.stride_w - p.pad_w + kw * p.dilation_w;
        if (w < 0 || w >= p.w) continue;
        float v = from[h * p.w + w];
        if (at < 0 || v > best || isnan(v)) best = v, at = h * p.w + w;
      }
    }
    y[o] = best;
    where[o] = at;
  }
}

extern "C" __global__ void max_pool_backward_v1(const float* dy, const int* where, float* dx, i64 planes, const Pool p) {
  i64 o = global_index();
  if (o >= planes * p.out_h * p.out_w || where[o] < 0) return;
  atomicAdd(dx + o / p.out_w / p.out_h * p.h * p.w + where[o], dy[o]);
}

// First output whose window can hold input i: the smallest o with o * stride - pad + (kernel - 1) * dilation >= i.
__device__ __forceinline__ int first_window(int i, int kernel, int stride, int pad, int dilation) {
  int reach = i + pad - (kernel - 1) * dilation;
  return reach <= 0 ? 0 : (reach + stride - 1) / stride;
}
__device__ __forceinline__ int last_window(int i, int stride, int pad, int out) { return min((i + pad) / stride, out - 1); }

extern "C" __global__ void max_pool_backward(const float* dy, const int* where, float* dx, i64 planes, const Pool p) {
  for (i64 i = global_index(); i < planes * p.h * p.w; i += global_size()) {
    int w = (int)(i % p.w), h = (int)(i / p.w % p.h);
    i64 plane = i / p.w / p.h * p.out_h * p.out_w;
    float sum = 0;
    int h1 = last_window(h, p.stride_h, p.pad_h, p.out_h), w1 = last_window(w, p.stride_w, p.pad_w, p.out_w);
    for (int oh = first_window(h, p.kernel_h, p.stride_h, p.pad_h, p.dilation_h); oh <= h1; oh++) {
      for (int ow = first_window(w, p.kernel_w, p.stride_w, p.pad_w, p.dilation_w); ow <= w1; ow++) {
        i64 o = plane + oh * p.out_w + ow;
        if (where[o] == h * p.w + w) sum += dy[o];
      }
    }
    dx[i] = sum;
  }
}

// As PyTorch counts: padding belongs to the divisor if asked for, what lies beyond the padding never does.
__device__ __forceinline__ int extent(int o, int in, int kernel, int stride, int pad, bool with_pad) {
  int start = o * stride - pad, end = min(start + kernel, in + pad);
  return with_pad ? end - start : min(end, in) - max(start, 0);
}

extern "C" __global__ void average_pool(const float* x, float* y, i64 planes, const Pool p) {
  for (i64 o = global_index(); o < planes * p.out_h * p.out_w; o += global_size()) {
    int ow = (int)(o % p.out_w), oh = (int)(o / p.out_w % p.out_h);
    const float* from = x + o / p.out_w / p.out_h * p.h * p.w;
    int h0 = oh * p.stride_h - p.pad_h, w0 = ow * p.stride_w - p.pad_w;
    float sum = 0;
    for (int h = max(h0, 0); h < min(h0 + p.kernel_h, p.h); h++) {
      for (int w = max(w0, 0); w < min(w0 + p.kernel_w, p.w); w++) sum += from[h * p.w + w];
    }
    y[o] = sum / (extent(oh, p.h, p.kernel_h, p.stride_h, p.pad_h, p.count_include_pad) *
                  extent(ow, p.w, p.kernel_w, p.stride_w, p.pad_w, p.count_include_pad));
  }
}

extern "C" __global__ void average_pool_backward(const float* dy, float* dx, i64 planes, const Pool p) {
  for (i64 i = global_index(); i < planes * p.h * p.w; i += global_size()) {
    int w = (int)(i % p.w), h = (int)(i / p.w % p.h);
    i64 plane = i / p.w / p.h * p.out_h * p.out_w;
    float sum = 0;
    int h1 = last_window(h, p.stride_h, p.pad_h, p.out_h), w1 = last_window(w, p.stride_w, p.pad_w, p.out_w);
    for (int oh = first_window(h, p.kernel_h, p.stride_h, p.pad_h, 1); oh <= h1; oh++) {
      for (int ow = first_window(w, p.kernel_w, p.stride_w, p.pad_w, 1); ow <= w1; ow++) {
        sum += dy[plane + oh * p.out_w + ow] /
               (extent(oh, p.h, p.kernel_h, p.stride_h, p.pad_h, p.count_include_pad) *
                extent(ow, p.w, p.kernel_w, p.stride_w, p.pad_w, p.count_include_pad));
      }
    }
    dx[i] = sum;
  }
}

// Adaptive cells: [start, end) of output o; cells may overlap.
__device__ __forceinline__ int cell_start(int o, int in, int out) { return (int)((i64)o * in / out); }
__device__ __forceinline__ int cell_end(int o, int in, int out) { return (int)(((i64)(o + 1) * in + out - 1) / out); }
// The first output whose cell holds input i; the last is found by walking while cell_start <= i.
__device__ __forceinline__ int first_cell(int i, int in, int out) {
  int o = (int)((i64)i * out / in);
  while (o > 0 && cell_end(o - 1, in, out) > i) o--;
  return o;
}

extern "C" __global__ void adaptive_average(const float* x, float* y, i64 planes, int h, int w, int out_h, int out_w) {
  for (i64 o = global_index(); o < planes * out_h * out_w; o += global_size()) {
    int ow = (int)(o % out_w), oh = (int)(o / out_w % out_h);
    const float* from = x + o / out_w / out_h * h * w;
    int h0 = cell_start(oh, h, out_h), h1 = cell_end(oh, h, out_h);
    int w0 = cell_start(ow, w, out_w), w1 = cell_end(ow, w, out_w);
    float sum = 0;
    for (int i = h0; i < h1; i++) {
      for (int j = w0; j < w1; j++) sum += from[i * w + j];
    }
    y[o] = sum / ((h1 - h0) * (w1 - w0));
  }
}

extern "C" __global__ void adaptive_average_backward(
    const float* dy, float* dx, i64 planes, int h, int w, int out_h, int out_w) {
  for (i64 e = global_index(); e < planes * h * w; e += global_size()) {
    int j = (int)(e % w), i = (int)(e / w % h);
    const float* from = dy + e / w / h * out_h * out_w;
    float sum = 0;
    for (int oh = first_cell(i, h, out_h); oh < out_h && cell_start(oh, h, out_h) <= i; oh++) {
      int rows = cell_end(oh, h, out_h) - cell_start(oh, h, out_h);
      for (int ow = first_cell(j, w, out_w); ow < out_w && cell_start(ow, w, out_w) <= j; ow++) {
        sum += from[oh * out_w + ow] / (rows * (cell_end(ow, w, out_w) - cell_start(ow, w, out_w)));
      }
    }
    dx[e] = sum;
  }
}

extern "C" __global__ void adaptive_max(
    const float* x, float* y, int* where, i64 planes, int h, int w, int out_h, int out_w) {
  for (i64 o = global_index(); o < planes * out_h * out_w; o += global_size()) {
    int ow = (int)(o % out_w), oh = (int)(o / out_w % out_h);
    const float* from = x + o / out_w / out_h * h * w;
    float best = -infinity();
    int at = -1;
    for (int i = cell_start(oh, h, out_h); i < cell_end(oh, h, out_h); i++) {
      for (int j = cell_start(ow, w, out_w); j < cell_end(ow, w, out_w); j++) {
        float v = from[i * w + j];
        if (at < 0 || v > best || isnan(v)) best = v, at = i * w + j;
      }
    }
    y[o] = best;
    where[o] = at;
  }
}

extern "C" __global__ void adaptive_max_backward(
    const float* dy, const int* where, float* dx, i64 planes, int h, int w, int out_h, int out_w) {
  for (i64 e = global_index(); e < planes * h * w; e += global_size()) {
    int j = (int)(e % w), i = (int)(e / w % h);
    i64 plane = e / w / h * out_h * out_w;
    float sum = 0;
    for (int oh = first_cell(i, h, out_h); oh < out_h && cell_start(oh, h, out_h) <= i; oh++) {
      for (int ow = first_cell(j, w, out_w); ow < out_w && cell_start(ow, w, out_w) <= j; ow++) {
        i64 o = plane + oh * out_w + ow;
        if (where[o] == i * w + j) sum += dy[o];
      }
    }
    dx[e] = sum;
  }
}

extern "C" __global__ void global_average(const float* x, float* y, i64 planes, i64 plane_size) {
  for (i64 o = global_index() / WARP; o < planes; o += global_size() / WARP) {
    float sum = 0;
    for (i64 i = threadIdx.x % WARP; i < plane_size; i += WARP) sum += x[o * plane_size + i];
    sum = warp_sum(sum);
    if (threadIdx.x % WARP == 0) y[o] = sum / plane_size;
  }
}

extern "C" __global__ void widen_indices(const int* where, i64* indices, i64 n) {
  for (i64 i = global_index(); i < n; i += global_size()) indices[i] = where[i];
}
