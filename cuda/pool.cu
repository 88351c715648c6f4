// Pooling over the planes of images: maximum, average, and their adaptive forms.
//
// Images are [outer, H, W, inner]: row-major ones are [N * C, H, W, 1], channels-last ones [N, H, W, C], and a kernel
// serves both.
//
// | kernel                 | idea                                                        | bytes moved             |
// | ---------------------- | ----------------------------------------------------------- | ----------------------- |
// | max_pool               | a thread an output; keeps the place of the first maximum     | 4 k² (cached) + 5 an output |
// | max_pool_f16, max_pool_bf16 | 8 channels a thread, channels-last: 16 bytes a load      | 2 k² (cached) + 3 an output |
// | max_pool_backward_v1   | a thread an output adds to its maximum: atomics, any order    | 9 an output             |
// | max_pool_backward      | a thread an input looks at the windows over it: no atomics,   | 5 an output, 4 an input |
// |                        | the same bits every time, and no zeroing before               |                         |
// | max_pool_backward_f16, max_pool_backward_bf16 | 8 channels a thread                    | 3 an output, 2 an input |
// | average_pool(_backward) | likewise; each window has its own divisor                    | 4 an output, 4 an input |
// | adaptive_average(_backward) | output o averages inputs floor(o*I/O) to ceil((o+1)*I/O) | the same                |
// | adaptive_max(_backward) | the maximum of such a cell                                   | the same + places       |
// | global_average         | adaptive to 1x1: a warp a row-major plane                     | 4 an input              |
//
// `where` is the place in the window, kh * kernel_w + kw: a byte, or an int for windows of more than 255 places; -1 where
// a window holds padding only (then y is -inf). An adaptive cell's is the flat index in the H*W plane, an int.
#include "formats.cuh"

struct Pool {
  int h, w, out_h, out_w;
  int kernel_h, kernel_w, stride_h, stride_w, pad_h, pad_w, dilation_h, dilation_w;
  int count_include_pad;
  int wide;  // places are ints, not bytes
};

__device__ __forceinline__ void keep_place(u8* where, i64 o, int at, const Pool& p) {
  if (p.wide) ((int*)where)[o] = at;
  else where[o] = (u8)at;
}
__device__ __forceinline__ int kept_place(const u8* where, i64 o, const Pool& p) {
  return p.wide ? ((const int*)where)[o] : where[o] == 255 ? -1 : where[o];
}

// An element of [outer, h, w, inner], and where its plane begins in another such tensor of extents h2, w2.
struct Place {
  int h, w;
  i64 outer;
  int inner;
};
__device__ __forceinline__ Place place(i64 i, int h, int w, int inner) {
  i64 pixel = i / inner;
  return {(int)(pixel / w % h), (int)(pixel % w), pixel / w / h, (int)(i % inner)};
}
__device__ __forceinline__ i64 plane(const Place& p, int h2, int w2, int inner) {
  return p.outer * h2 * w2 * inner + p.inner;
}

extern "C" __global__ void max_pool(const float* x, float* y, u8* where, i64 outer, int inner, const Pool p) {
  for (i64 o = global_index(); o < outer * p.out_h * p.out_w * inner; o += global_size()) {
    Place at_o = place(o, p.out_h, p.out_w, inner);
    int ow = at_o.w, oh = at_o.h;
    const float* from = x + plane(at_o, p.h, p.w, inner);
    float best = -infinity();
    int at = -1;
    for (int kh = 0; kh < p.kernel_h; kh++) {
      int h = oh * p.stride_h - p.pad_h + kh * p.dilation_h;
      if (h < 0 || h >= p.h) continue;
      for (int kw = 0; kw < p.kernel_w; kw++) {
        int w = ow * p.stride_w - p.pad_w + kw * p.dilation_w;
        if (w < 0 || w >= p.w) continue;
        float v = from[(i64)(h * p.w + w) * inner];
        if (at < 0 || v > best || isnan(v)) best = v, at = kh * p.kernel_w + kw;
      }
    }
    y[o] = best;
    keep_place(where, o, at, p);
  }
}

// inner is a multiple of 8; places are bytes.
template <typename F>
__device__ __forceinline__ void max_pool_channels(
    const typename F::T* x, typename F::T* y, u8* where, i64 outer, int inner, const Pool& p) {
  int groups = inner / 8;
  for (i64 o = global_index(); o < outer * p.out_h * p.out_w * groups; o += global_size()) {
    Place at_o = place(o, p.out_h, p.out_w, groups);
    const typename F::T* from = x + plane(at_o, p.h, p.w, groups) * 8;
    float best[8];
    int at[8];
#pragma unroll
    for (int k = 0; k < 8; k++) best[k] = -infinity(), at[k] = -1;
    for (int kh = 0; kh < p.kernel_h; kh++) {
      int h = at_o.h * p.stride_h - p.pad_h + kh * p.dilation_h;
      if (h < 0 || h >= p.h) continue;
      for (int kw = 0; kw < p.kernel_w; kw++) {
        int w = at_o.w * p.stride_w - p.pad_w + kw * p.dilation_w;
        if (w < 0 || w >= p.w) continue;
        float v[8];
        F::load8(from + (i64)(h * p.w + w) * inner, v);
#pragma unroll
        for (int k = 0; k < 8; k++) {
          if (at[k] < 0 || v[k] > best[k] || isnan(v[k])) best[k] = v[k], at[k] = kh * p.kernel_w + kw;
        }
      }
    }
    F::store8(y + o * 8, best);
    u32 four[2] = {0, 0};
#pragma unroll
    for (int k = 0; k < 8; k++) four[k / 4] |= (u32)(u8)at[k] << k % 4 * 8;
    ((uint2*)where)[o] = make_uint2(four[0], four[1]);
  }
}

extern "C" __global__ void max_pool_f16(const u16* x, u16* y, u8* where, i64 outer, int inner, const Pool p) {
  max_pool_channels<F16>(x, y, where, outer, inner, p);
}
extern "C" __global__ void max_pool_bf16(const u16* x, u16* y, u8* where, i64 outer, int inner, const Pool p) {
  max_pool_channels<BF16>(x, y, where, outer, inner, p);
}

// The flat index in the H*W plane of a place in an output's window.
__device__ __forceinline__ int flat(const Place& output, int place, const Pool& p) {
  if (place < 0) return -1;
  int h = output.h * p.stride_h - p.pad_h + place / p.kernel_w * p.dilation_h;
  return h * p.w + output.w * p.stride_w - p.pad_w + place % p.kernel_w * p.dilation_w;
}

extern "C" __global__ void max_pool_backward_v1(
    const float* dy, const u8* where, float* dx, i64 outer, int inner, const Pool p) {
  i64 o = global_index();
  if (o >= outer * p.out_h * p.out_w * inner) return;
  Place at_o = place(o, p.out_h, p.out_w, inner);
  int i = flat(at_o, kept_place(where, o, p), p);
  if (i >= 0) atomicAdd(dx + plane(at_o, p.h, p.w, inner) + (i64)i * inner, dy[o]);
}

// First output whose window can hold input i: the smallest o with o * stride - pad + (kernel - 1) * dilation >= i.
__device__ __forceinline__ int first_window(int i, int kernel, int stride, int pad, int dilation) {
  int reach = i + pad - (kernel - 1) * dilation;
  return reach <= 0 ? 0 : (reach + stride - 1) / stride;
}
// Which place of the window of output o, along one axis, holds input i of those between; -1 where dilation leaves it out.
__device__ __forceinline__ int place_in(int o, int i, int stride, int pad, int dilation) {
  int d = i + pad - o * stride;
  return dilation == 1 ? d : d % dilation == 0 ? d / dilation : -1;
}
__device__ __forceinline__ int last_window(int i, int stride, int pad, int out) { return min((i + pad) / stride, out - 1); }

extern "C" __global__ void max_pool_backward(
    const float* dy, const u8* where, float* dx, i64 outer, int inner, const Pool p) {
  for (i64 i = global_index(); i < outer * p.h * p.w * inner; i += global_size()) {
    Place at = place(i, p.h, p.w, inner);
    int w = at.w, h = at.h;
    i64 base = plane(at, p.out_h, p.out_w, inner);
    float sum = 0;
    int h1 = last_window(h, p.stride_h, p.pad_h, p.out_h), w1 = last_window(w, p.stride_w, p.pad_w, p.out_w);
    for (int oh = first_window(h, p.kernel_h, p.stride_h, p.pad_h, p.dilation_h); oh <= h1; oh++) {
      int kh = place_in(oh, h, p.stride_h, p.pad_h, p.dilation_h);
      for (int ow = first_window(w, p.kernel_w, p.stride_w, p.pad_w, p.dilation_w); ow <= w1; ow++) {
        int kw = place_in(ow, w, p.stride_w, p.pad_w, p.dilation_w);
        i64 o = base + (i64)(oh * p.out_w + ow) * inner;
        if (kh >= 0 && kw >= 0 && kept_place(where, o, p) == kh * p.kernel_w + kw) sum += dy[o];
      }
    }
    dx[i] = sum;
  }
}

// inner is a multiple of 8; places are bytes.
template <typename F>
__device__ __forceinline__ void max_pool_backward_channels(
    const typename F::T* dy, const u8* where, typename F::T* dx, i64 outer, int inner, const Pool& p) {
  int groups = inner / 8;
  for (i64 i = global_index(); i < outer * p.h * p.w * groups; i += global_size()) {
    Place at = place(i, p.h, p.w, groups);
    i64 base = plane(at, p.out_h, p.out_w, groups);
    float sum[8] = {0, 0, 0, 0, 0, 0, 0, 0};
    int h1 = last_window(at.h, p.stride_h, p.pad_h, p.out_h), w1 = last_window(at.w, p.stride_w, p.pad_w, p.out_w);
    for (int oh = first_window(at.h, p.kernel_h, p.stride_h, p.pad_h, p.dilation_h); oh <= h1; oh++) {
      int kh = place_in(oh, at.h, p.stride_h, p.pad_h, p.dilation_h);
      for (int ow = first_window(at.w, p.kernel_w, p.stride_w, p.pad_w, p.dilation_w); ow <= w1; ow++) {
        int kw = place_in(ow, at.w, p.stride_w, p.pad_w, p.dilation_w);
        i64 o = base + (i64)(oh * p.out_w + ow) * groups;
        if (kh < 0 || kw < 0) continue;
        uint2 places = ((const uint2*)where)[o];
        u32 here = kh * p.kernel_w + kw;
        float d[8];
        F::load8(dy + o * 8, d);
#pragma unroll
        for (int k = 0; k < 8; k++) sum[k] += ((k < 4 ? places.x : places.y) >> k % 4 * 8 & 255) == here ? d[k] : 0;
      }
    }
    F::store8(dx + i * 8, sum);
  }
}

extern "C" __global__ void max_pool_backward_f16(
    const u16* dy, const u8* where, u16* dx, i64 outer, int inner, const Pool p) {
  max_pool_backward_channels<F16>(dy, where, dx, outer, inner, p);
}
extern "C" __global__ void max_pool_backward_bf16(
    const u16* dy, const u8* where, u16* dx, i64 outer, int inner, const Pool p) {
  max_pool_backward_channels<BF16>(dy, where, dx, outer, inner, p);
}

// As PyTorch counts: padding belongs to the divisor if asked for, what lies beyond the padding never does.
__device__ __forceinline__ int extent(int o, int in, int kernel, int stride, int pad, bool with_pad) {
  int start = o * stride - pad, end = min(start + kernel, in + pad);
  return with_pad ? end - start : min(end, in) - max(start, 0);
}

extern "C" __global__ void average_pool(const float* x, float* y, i64 outer, int inner, const Pool p) {
  for (i64 o = global_index(); o < outer * p.out_h * p.out_w * inner; o += global_size()) {
    Place at = place(o, p.out_h, p.out_w, inner);
    int ow = at.w, oh = at.h;
    const float* from = x + plane(at, p.h, p.w, inner);
    int h0 = oh * p.stride_h - p.pad_h, w0 = ow * p.stride_w - p.pad_w;
    float sum = 0;
    for (int h = max(h0, 0); h < min(h0 + p.kernel_h, p.h); h++) {
      for (int w = max(w0, 0); w < min(w0 + p.kernel_w, p.w); w++) sum += from[(i64)(h * p.w + w) * inner];
    }
    y[o] = sum / (extent(oh, p.h, p.kernel_h, p.stride_h, p.pad_h, p.count_include_pad) *
                  extent(ow, p.w, p.kernel_w, p.stride_w, p.pad_w, p.count_include_pad));
  }
}

extern "C" __global__ void average_pool_backward(const float* dy, float* dx, i64 outer, int inner, const Pool p) {
  for (i64 i = global_index(); i < outer * p.h * p.w * inner; i += global_size()) {
    Place at = place(i, p.h, p.w, inner);
    int w = at.w, h = at.h;
    const float* from = dy + plane(at, p.out_h, p.out_w, inner);
    float sum = 0;
    int h1 = last_window(h, p.stride_h, p.pad_h, p.out_h), w1 = last_window(w, p.stride_w, p.pad_w, p.out_w);
    for (int oh = first_window(h, p.kernel_h, p.stride_h, p.pad_h, 1); oh <= h1; oh++) {
      for (int ow = first_window(w, p.kernel_w, p.stride_w, p.pad_w, 1); ow <= w1; ow++) {
        sum += from[(i64)(oh * p.out_w + ow) * inner] /
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

extern "C" __global__ void adaptive_average(
    const float* x, float* y, i64 outer, int inner, int h, int w, int out_h, int out_w) {
  for (i64 o = global_index(); o < outer * out_h * out_w * inner; o += global_size()) {
    Place at = place(o, out_h, out_w, inner);
    int ow = at.w, oh = at.h;
    const float* from = x + plane(at, h, w, inner);
    int h0 = cell_start(oh, h, out_h), h1 = cell_end(oh, h, out_h);
    int w0 = cell_start(ow, w, out_w), w1 = cell_end(ow, w, out_w);
    float sum = 0;
    for (int i = h0; i < h1; i++) {
      for (int j = w0; j < w1; j++) sum += from[(i64)(i * w + j) * inner];
    }
    y[o] = sum / ((h1 - h0) * (w1 - w0));
  }
}

extern "C" __global__ void adaptive_average_backward(
    const float* dy, float* dx, i64 outer, int inner, int h, int w, int out_h, int out_w) {
  for (i64 e = global_index(); e < outer * h * w * inner; e += global_size()) {
    Place at = place(e, h, w, inner);
    int j = at.w, i = at.h;
    const float* from = dy + plane(at, out_h, out_w, inner);
    float sum = 0;
    for (int oh = first_cell(i, h, out_h); oh < out_h && cell_start(oh, h, out_h) <= i; oh++) {
      int rows = cell_end(oh, h, out_h) - cell_start(oh, h, out_h);
      for (int ow = first_cell(j, w, out_w); ow < out_w && cell_start(ow, w, out_w) <= j; ow++) {
        sum += from[(i64)(oh * out_w + ow) * inner] / (rows * (cell_end(ow, w, out_w) - cell_start(ow, w, out_w)));
      }
    }
    dx[e] = sum;
  }
}

extern "C" __global__ void adaptive_max(
    const float* x, float* y, int* where, i64 outer, int inner, int h, int w, int out_h, int out_w) {
  for (i64 o = global_index(); o < outer * out_h * out_w * inner; o += global_size()) {
    Place at_o = place(o, out_h, out_w, inner);
    int ow = at_o.w, oh = at_o.h;
    const float* from = x + plane(at_o, h, w, inner);
    float best = -infinity();
    int at = -1;
    for (int i = cell_start(oh, h, out_h); i < cell_end(oh, h, out_h); i++) {
      for (int j = cell_start(ow, w, out_w); j < cell_end(ow, w, out_w); j++) {
        float v = from[(i64)(i * w + j) * inner];
        if (at < 0 || v > best || isnan(v)) best = v, at = i * w + j;
      }
    }
    y[o] = best;
    where[o] = at;
  }
}

extern "C" __global__ void adaptive_max_backward(
    const float* dy, const int* where, float* dx, i64 outer, int inner, int h, int w, int out_h, int out_w) {
  for (i64 e = global_index(); e < outer * h * w * inner; e += global_size()) {
    Place at = place(e, h, w, inner);
    int j = at.w, i = at.h;
    i64 base = plane(at, out_h, out_w, inner);
    float sum = 0;
    for (int oh = first_cell(i, h, out_h); oh < out_h && cell_start(oh, h, out_h) <= i; oh++) {
      for (int ow = first_cell(j, w, out_w); ow < out_w && cell_start(ow, w, out_w) <= j; ow++) {
        i64 o = base + (i64)(oh * out_w + ow) * inner;
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

// Flat indices in the H*W planes, row-major.
extern "C" __global__ void widen_indices(const u8* where, i64* indices, i64 outer, int inner, const Pool p) {
  for (i64 o = global_index(); o < outer * p.out_h * p.out_w * inner; o += global_size()) {
    Place at = place(o, p.out_h, p.out_w, inner);
    indices[((at.outer * inner + at.inner) * p.out_h + at.h) * p.out_w + at.w] = flat(at, kept_place(where, o, p), p);
  }
}
