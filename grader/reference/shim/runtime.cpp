// Bringing libtorch into the state that references are run in.
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <c10/core/DefaultDtype.h>
#include <dlfcn.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/cuda.h>

#include "node.h"

extern "C" {

int gr_load_cuda(const char* library, gr_node** fault) {
  return gradien::guarded(fault, [&] {
    // NOW, because nothing can be opened once the process is locked; GLOBAL,
    // because libtorch_cpu finds the CUDA half through its registrations.
    if (dlopen(library, RTLD_NOW | RTLD_GLOBAL) == nullptr) {
      const char* reason = dlerror();
      throw gradien::Refusal{"no_cuda", reason ? reason : "unknown"};
    }
  });
}

int gr_configure(gr_node** fault) {
  return gradien::guarded(fault, [] {
    // Sums in one thread are added up in one order.
    at::set_num_threads(1);
    at::set_num_interop_threads(1);
    at::Context& context = at::globalContext();
    context.setDeterministicAlgorithms(true, /*warn_only=*/false);
    context.setDeterministicCuDNN(true);
    context.setBenchmarkCuDNN(false);
    context.setAllowTF32CuBLAS(false);
    context.setAllowTF32CuDNN(false);
    // Python floats and NumPy arrays are float64; so is what a reference makes
    // without naming a dtype.
    gr_set_precision(0);
    // The simple executor interprets the graph as written: no profiling runs,
    // no fusion, hence the same kernels from the first call on.
    torch::jit::getProfilingMode() = false;
  });
}

void gr_set_precision(int single) {
  c10::set_default_dtype(single ? caffe2::TypeMeta::Make<float>() : caffe2::TypeMeta::Make<double>());
}

int gr_cuda_devices(void) {
  try {
    return static_cast<int>(torch::cuda::device_count());
  } catch (...) {
    return 0;
  }
}

}  // extern "C"
