// The C face of libtorch's script compiler, for src/script.rs.
//
// Theory of operation. Rust knows nothing of C++ objects: it holds three kinds
// of opaque pointers, each made and freed here.
//   gr_node  a tree of plain values (numbers, strings, tensors, lists, dicts);
//            arguments, results, signatures and errors all travel as one.
//   gr_unit  a compiled set of source files.
// Every entry that can fail returns 0 or 1 and, when 1, leaves a dict in
// *fault that says what went wrong ("kind", "message" and, where known, "file",
// "line", and of a raised exception "type" and "reason"). No C++ exception ever crosses this border. *fault may be
// null after a failure: then there was no memory left to describe it.
// Nothing here is thread-safe; the process has one thread that calls it.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gr_node gr_node;
typedef struct gr_unit gr_unit;

// The order is that of `Kind` in src/node.rs.
enum gr_kind { GR_NONE, GR_BOOL, GR_INT, GR_FLOAT, GR_STRING, GR_TENSOR, GR_LIST, GR_DICT };

// Constructors return null when memory is out. Strings are copied and need no
// terminating zero.
gr_node* gr_none(void);
gr_node* gr_bool(int value);
gr_node* gr_int(int64_t value);
gr_node* gr_float(double value);
gr_node* gr_string(const char* text, size_t length);
// Takes a share in the tensor behind `tensor` (an at::Tensor*); the caller
// keeps its own.
gr_node* gr_tensor(const void* tensor);
gr_node* gr_list(void);
gr_node* gr_dict(void);
// Both take `item` over, also when they fail (1).
int gr_list_push(gr_node* list, gr_node* item);
int gr_dict_insert(gr_node* dict, const char* key, size_t length, gr_node* item);

enum gr_kind gr_kind_of(const gr_node* node);
int64_t gr_as_int(const gr_node* node);  // also of GR_BOOL
double gr_as_float(const gr_node* node);
// Bytes owned by the node.
const char* gr_as_string(const gr_node* node, size_t* length);
// A new at::Tensor* that the caller must free, null when memory is out.
void* gr_as_tensor(const gr_node* node);
size_t gr_length(const gr_node* node);
const gr_node* gr_item(const gr_node* node, size_t index);
const char* gr_key(const gr_node* node, size_t index, size_t* length);
void gr_free(gr_node* node);

// Loads the CUDA half of libtorch (a path or a bare name). Must come before
// any other question about CUDA. Returns 0, or 1 with the loader's reason.
int gr_load_cuda(const char* library, gr_node** fault);
// One thread, deterministic algorithms, no TF32, no profiling executor.
int gr_configure(gr_node** fault);
int gr_cuda_devices(void);
// The dtype of floating-point tensors that a reference makes without naming
// one: float32 if `single` is not 0, else float64.
void gr_set_precision(int single);

// Compiles `count` files into one namespace. *signatures is a list of dicts
// {name, file, line, returns, parameters: [{name, type, default}]}.
int gr_compile(size_t count, const char* const* names, const size_t* name_lengths,
               const char* const* texts, const size_t* text_lengths,
               gr_unit** unit, gr_node** signatures, gr_node** fault);
void gr_unit_free(gr_unit* unit);

// Calls a function of the unit with a list of arguments, converted to the
// declared parameter types.
int gr_call(gr_unit* unit, const char* function, size_t length, const gr_node* arguments,
            gr_node** result, gr_node** fault);

// The names of all operators this libtorch knows, for the test that the
// allow-list names nothing that does not exist.
int gr_list_operators(gr_node** names, gr_node** fault);
int gr_list_allowed(gr_node** names, gr_node** fault);

#ifdef __cplusplus
}
#endif
