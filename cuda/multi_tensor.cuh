// Kernels over a list of tensors, without a launch a tensor: all are cut into chunks of CHUNK elements, a block takes
// one. The list is passed by value as a kernel argument, so it needs no memory on the device and is kept by a recorded
// graph. The arguments of a launch may have 4 KB, hence MAX_TENSORS a launch.
#pragma once
#include "common.cuh"

#define MAX_TENSORS 54
#define CHUNK 4096

template <int POINTERS>
struct TensorList {
  float* at[POINTERS][MAX_TENSORS];
  i64 elements[MAX_TENSORS];
  int index[MAX_TENSORS];  // the tensor's place in arrays with one number a tensor
  int chunks[MAX_TENSORS];  // of the tensors up to this one, and behind the last one as many as there are
  u64 halves;  // a bit a tensor: whether its gradient is of fp16, as some of cuDNN's kernels leave it
};

// The elements of one tensor that block blockIdx.x takes; `from` is a multiple of CHUNK.
struct Chunk {
  int tensor;
  i64 from, to;
};

template <int POINTERS>
__device__ __forceinline__ Chunk chunk(const TensorList<POINTERS>& list) {
  int block = (int)blockIdx.x, low = 0, high = MAX_TENSORS - 1;  // the first tensor with chunks > block lies between
  while (low < high) {
    int middle = (low + high) / 2;
    if (list.chunks[middle] > block) high = middle;
    else low = middle + 1;
  }
  i64 from = (i64)(block - (low > 0 ? list.chunks[low - 1] : 0)) * CHUNK;
  return {low, from, min(from + CHUNK, list.elements[low])};
}

// Gradients, of fp32 or fp16.
struct Gradient {
  const float* at;
  bool half;
  __device__ __forceinline__ float operator[](i64 i) const { return half ? f16_to_f32(((const u16*)at)[i]) : at[i]; }
  // Elements i to i + 3; i is a multiple of 4.
  __device__ __forceinline__ float4 four(i64 i) const {
    if (!half) return *(const float4*)(at + i);
    uint2 h = *(const uint2*)((const u16*)at + i);
    return make_float4(
        f16_to_f32((u16)h.x), f16_to_f32((u16)(h.x >> 16)), f16_to_f32((u16)h.y), f16_to_f32((u16)(h.y >> 16)));
  }
};

// Places of tensors in arrays with one number a tensor, for kernels that touch only those.
#define MAX_INDICES 768
struct Indices {
  int at[MAX_INDICES];
};

// The half copy of a weight, which products read; null where there is none. bf16: its format, else fp16.
__device__ __forceinline__ u16 half_of(float x, int bf16) { return bf16 ? f32_to_bf16(x) : f32_to_f16(x); }
__device__ __forceinline__ void store_half4(u16* to, float4 v, int bf16) {
  *(uint2*)to = make_uint2(
      half_of(v.x, bf16) | (u32)half_of(v.y, bf16) << 16, half_of(v.z, bf16) | (u32)half_of(v.w, bf16) << 16);
}

// What grad_norm.cu decided: the factor for the gradients, whether to skip, the norm. Null stands for {1, 0}.
__device__ __forceinline__ bool skips(const float* control) { return control && control[1] != 0; }
__device__ __forceinline__ float factor(const float* control) { return control ? control[0] : 1; }
