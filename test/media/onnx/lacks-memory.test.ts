import { describe, expect, it } from '@jest/globals';
import { lacksMemory } from '../../../media/onnx/lacks-memory.ts';

describe('an error message of onnxruntime', () => {
  it.each([
    'CUDA failure 2: out of memory ; GPU=0 ; hostname=a ; expr=cudaMalloc((void**)&p, size);',
    'Non-zero status code returned while running Conv node. CUDA failure 2: Speicher ; GPU=0',
    'CUBLAS failure 3: CUBLAS_STATUS_ALLOC_FAILED ; GPU=0 ; expr=cublasCreate(&cublas_handle_)',
    'CUDNN failure 4004: CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED ; GPU=0 ; expr=cudnnConvolutionForward',
    'CUDNN failure 4003: CUDNN_STATUS_INTERNAL_ERROR_HOST_ALLOCATION_FAILED ; GPU=0',
    'CUFFT_ALLOC_FAILED',
    'cudaErrorMemoryAllocation',
    'the driver said CUDA_ERROR_OUT_OF_MEMORY',
    'BFCArena::AllocateRawInternal Failed to allocate memory for requested buffer of size 4294967296',
    'BFCArena::AllocateRawInternal Available memory of 189612800 is smaller than requested bytes of 221179904',
    'std::bad_alloc',
    '[TRT] [defaultAllocator.cpp::allocate::31] Error Code 1: Cuda Runtime (out of memory)',
    'Requested amount of GPU memory could not be allocated: OutOfMemory',
  ])('means a lack of memory: %s', (words) => {
    expect(lacksMemory(words)).toBe(true);
  });

  it.each([
    'CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version ; GPU=0',
    'CUDA failure 200: device kernel image is invalid',
    'CUDNN failure 4000: CUDNN_STATUS_INTERNAL_ERROR ; GPU=0',
    'CUBLAS failure 13: CUBLAS_STATUS_EXECUTION_FAILED',
    'Failed to load library libonnxruntime_providers_cuda.so with error: libcudnn.so.9: cannot open shared object file',
    'an illegal memory access was encountered',
    'TensorRT EP failed to create engine from network.',
  ])('means something else: %s', (words) => {
    expect(lacksMemory(words)).toBe(false);
  });
});
