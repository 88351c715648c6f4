// From decoded pixels, u8 in N, H, W, C order, to what a network takes.
//
// | kernel           | idea                                                             | bytes moved a value |
// | ---------------- | ---------------------------------------------------------------- | ------------------- |
// | normalize_pixels | (x / 255 - mean[c]) / std[c] to fp32 NCHW; a thread an output, so | 5                   |
// |                  | that the wide side is written side by side                        |                     |
// | augment_mean     | a block a picture: the gray that contrast pulls towards           | 1                   |
// | augment_*        | a thread a pixel: flip, brightness, contrast, saturation, hue in  | 5; halves 1 + 16/3  |
// |                  | the drawn order, erasing, mixing, normalising, all in registers;  |                     |
// |                  | NHWC as the first convolution reads it: halves with 8 channels    |                     |
#include "common.cuh"

// plane: H * W. Operation by operation as torchvision's ToTensor and Normalize, to the same bits.
extern "C" __global__ void normalize_pixels(
    const u8* pixels, const float* mean, const float* std, float* y, i64 n, int channels, i64 plane) {
  for (i64 i = global_index(); i < n; i += global_size()) {
    i64 image = i / plane / channels;
    int c = (int)(i / plane % channels);
    u8 v = pixels[(image * plane + i % plane) * channels + c];
    y[i] = (v / 255.0f - mean[c]) / std[c];
  }
}

// ---- Augmentation on the device: u8 NHWC pictures in, a normalised NHWC batch out. Every step gives the
// bytes that Pillow gives: where its C code rounds, this rounds, and the intrinsics keep the compiler from
// fusing a multiplication with an addition, which would round once instead of twice.

// What was drawn for one picture.
struct Augment {
  int flip;   // left to right
  int order;  // operations, four bits each, the first one lowest: see apply(); 0 ends them
  float brightness, contrast, saturation;
  int hue;                       // added to the byte of the hue, modulo 256
  int left, top, right, bottom;  // what is erased; nothing where left == right
};

// What all pictures of a batch have in common.
struct Pictures {
  int count, height, width, channels;  // 1 or 3 channels
  float mean[3], std[3];               // on the scale 0..1
  int erased[3];                       // the bytes of an erased pixel
  // Picture i is mixed with picture i - 1, the first with the last: blended where lambda < 1, and replaced
  // in a box, which is empty where left == right.
  float lambda, rest;
  int left, top, right, bottom;
};

struct Rgb {
  int r, g, b;  // 0..255
};

__device__ __forceinline__ bool inside(int x, int y, int left, int top, int right, int bottom) {
  return x >= left && x < right && y >= top && y < bottom;
}

// A gray picture has its one value thrice, which every operation leaves so.
__device__ __forceinline__ Rgb load(const u8* p, int channels) {
  return channels == 1 ? Rgb{p[0], p[0], p[0]} : Rgb{p[0], p[1], p[2]};
}

// ITU-R 601-2 luma in 16-bit fixed point.
__device__ __forceinline__ int luma(Rgb c) { return (19595 * c.r + 38470 * c.g + 7471 * c.b + 0x8000) >> 16; }

// Pillow's Image.blend, truncated and clipped.
__device__ __forceinline__ int blend(int from, int to, float by) {
  int v = (int)__fadd_rn((float)from, __fmul_rn(by, (float)(to - from)));
  return min(max(v, 0), 255);
}

__device__ __forceinline__ Rgb blend(int from, Rgb to, float by) {
  return {blend(from, to.r, by), blend(from, to.g, by), blend(from, to.b, by)};
}

__device__ __forceinline__ int rounded(int v, double by) { return (int)__dadd_rn(__dmul_rn((double)v, by), 0.5); }

// Through Pillow's 8-bit HSV and back. Which operations are float and which double is as in its C code.
__device__ __forceinline__ Rgb turn_hue(Rgb c, int shift) {
  int max3 = max(c.r, max(c.g, c.b)), chroma = max3 - min(c.r, min(c.g, c.b));
  int s = chroma == 0 ? 0 : (int)__dmul_rn((double)__fdiv_rn((float)chroma, (float)max3), 255.0);
  if (s == 0) return {max3, max3, max3};
  float rc = __fdiv_rn((float)(max3 - c.r), (float)chroma);
  float gc = __fdiv_rn((float)(max3 - c.g), (float)chroma);
  float bc = __fdiv_rn((float)(max3 - c.b), (float)chroma);
  float sixth = c.r == max3   ? bc - gc
                : c.g == max3 ? (float)__dadd_rn(__dadd_rn(2.0, (double)rc), -(double)bc)
                              : (float)__dadd_rn(__dadd_rn(4.0, (double)gc), -(double)rc);
  double turns = __dadd_rn((double)sixth / 6.0, 1.0);
  float turn = (float)(turns >= 1 ? __dadd_rn(turns, -1.0) : turns);
  int h = (min(255, (int)__dmul_rn((double)turn, 255.0)) + shift) & 0xff;

  double sixths = __dmul_rn((double)h, 6.0) / 255.0;
  int sector = (int)sixths;
  float f = (float)__dadd_rn(sixths, -(double)sector), fs = (float)((double)s / 255.0);
  int p = rounded(max3, __dadd_rn(1.0, -(double)fs));
  int q = rounded(max3, __dadd_rn(1.0, -(double)__fmul_rn(fs, f)));
  int t = rounded(max3, __dadd_rn(1.0, -__dmul_rn((double)fs, __dadd_rn(1.0, -(double)f))));
  switch (sector % 6) {
    case 0: return {max3, t, p};
    case 1: return {q, max3, p};
    case 2: return {p, max3, t};
    case 3: return {p, q, max3};
    case 4: return {t, p, max3};
    default: return {max3, p, q};
  }
}

#define CONTRAST 2

__device__ __forceinline__ Rgb apply(int operation, Rgb c, const Augment& a, int gray) {
  switch (operation) {
    case 1: return blend(0, c, a.brightness);
    case CONTRAST: return blend(gray, c, a.contrast);
    case 3: return blend(luma(c), c, a.saturation);
    default: return turn_hue(c, a.hue);
  }
}

// The mean gray of each picture as the operations before its contrast leave it, rounded to a whole number.
// Pictures without contrast get none. gridDim.x = pictures.
extern "C" __global__ void augment_mean(const u8* pixels, const Augment* drawn, int* gray, const Pictures s) {
  __shared__ double partial[WARP];
  Augment a = drawn[blockIdx.x];
  int order = a.order, before = 0, shift = 0;
  while (order != 0 && (order & 15) != CONTRAST) {
    before |= (order & 15) << shift;
    order >>= 4;
    shift += 4;
  }
  if (order == 0) return;
  int plane = s.height * s.width;
  const u8* picture = pixels + (i64)blockIdx.x * plane * s.channels;
  i64 sum = 0;
  for (int i = threadIdx.x; i < plane; i += blockDim.x) {
    Rgb c = load(picture + (i64)i * s.channels, s.channels);
    for (int o = before; o != 0; o >>= 4) c = apply(o & 15, c, a, 0);
    sum += luma(c);
  }
  double total = block_sum((double)sum, partial);  // of whole numbers below 2^53: exact in any order
  if (threadIdx.x == 0) gray[blockIdx.x] = (int)(total / plane + 0.5);
}

// One pixel of a picture after all that was drawn for it.
__device__ __forceinline__ Rgb augmented(
    const u8* pixels, const Augment* drawn, const int* gray, const Pictures& s, int picture, int x, int y) {
  Augment a = drawn[picture];
  if (inside(x, y, a.left, a.top, a.right, a.bottom)) return {s.erased[0], s.erased[1], s.erased[2]};
  int from = a.flip ? s.width - 1 - x : x;
  Rgb c = load(pixels + (((i64)picture * s.height + y) * s.width + from) * s.channels, s.channels);
  for (int o = a.order; o != 0; o >>= 4) c = apply(o & 15, c, a, (o & 15) == CONTRAST ? gray[picture] : 0);
  return c;
}

__device__ __forceinline__ float3 normalized(Rgb c, const Pictures& s) {
  return make_float3(
      (c.r / 255.0f - s.mean[0]) / s.std[0], (c.g / 255.0f - s.mean[1]) / s.std[1],
      (c.b / 255.0f - s.mean[2]) / s.std[2]);
}

// Calls put(pixel, value) for the pixels of this thread. gridDim.y shares out the pictures.
template <typename Put>
__device__ __forceinline__ void each_pixel(
    const u8* pixels, const Augment* drawn, const int* gray, const Pictures& s, Put put) {
  int plane = s.height * s.width;
  for (int picture = blockIdx.y; picture < s.count; picture += gridDim.y) {
    int partner = picture == 0 ? s.count - 1 : picture - 1;
    for (int i = (int)global_index(); i < plane; i += (int)global_size()) {
      int x = i % s.width, y = i / s.width;
      bool replaced = inside(x, y, s.left, s.top, s.right, s.bottom);
      float3 v = normalized(augmented(pixels, drawn, gray, s, replaced ? partner : picture, x, y), s);
      if (s.lambda < 1) {
        float3 w = normalized(augmented(pixels, drawn, gray, s, partner, x, y), s);
        v = make_float3(s.lambda * v.x + s.rest * w.x, s.lambda * v.y + s.rest * w.y, s.lambda * v.z + s.rest * w.z);
      }
      put((i64)picture * plane + i, v);
    }
  }
}

// gray [count] from augment_mean, read where a picture has contrast. y [count, height, width, channels].
extern "C" __global__ void augment_f32(
    const u8* pixels, const Augment* drawn, const int* gray, float* y, const Pictures s) {
  each_pixel(pixels, drawn, gray, s, [&](i64 pixel, float3 v) {
    if (s.channels == 1) {
      y[pixel] = v.x;
    } else {
      y[3 * pixel] = v.x;
      y[3 * pixel + 1] = v.y;
      y[3 * pixel + 2] = v.z;
    }
  });
}

// y [count, height, width, 8], channels of 0 behind the picture's own: one 16-byte store a pixel.
#define AUGMENT_HALVES(type)                                                                          \
  extern "C" __global__ void augment_##type(                                                          \
      const u8* pixels, const Augment* drawn, const int* gray, uint4* y, const Pictures s) {          \
    each_pixel(pixels, drawn, gray, s, [&](i64 pixel, float3 v) {                                     \
      u32 r = f32_to_##type(v.x), g = f32_to_##type(v.y), b = f32_to_##type(v.z);                     \
      y[pixel] = s.channels == 1 ? make_uint4(r, 0, 0, 0) : make_uint4(r | g << 16, b, 0, 0);         \
    });                                                                                               \
  }

AUGMENT_HALVES(f16)
AUGMENT_HALVES(bf16)
