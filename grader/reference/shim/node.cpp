#include "node.h"

#include <c10/util/Exception.h>
#include <torch/csrc/jit/frontend/error_report.h>
#include <torch/csrc/jit/runtime/jit_exception.h>

#include <new>

gr_node gr_node::of_int(int64_t value) {
  gr_node node;
  node.kind = GR_INT;
  node.integer = value;
  return node;
}

gr_node gr_node::of_float(double value) {
  gr_node node;
  node.kind = GR_FLOAT;
  node.real = value;
  return node;
}

gr_node gr_node::of_bool(bool value) {
  gr_node node;
  node.kind = GR_BOOL;
  node.integer = value ? 1 : 0;
  return node;
}

gr_node gr_node::of_string(std::string value) {
  gr_node node;
  node.kind = GR_STRING;
  node.text = std::move(value);
  return node;
}

gr_node gr_node::of_tensor(at::Tensor value) {
  gr_node node;
  node.kind = GR_TENSOR;
  node.tensor = std::move(value);
  return node;
}

gr_node gr_node::list() {
  gr_node node;
  node.kind = GR_LIST;
  return node;
}

gr_node gr_node::dict() {
  gr_node node;
  node.kind = GR_DICT;
  return node;
}

gr_node& gr_node::insert(std::string key, gr_node item) {
  keys.push_back(std::move(key));
  items.push_back(std::move(item));
  return *this;
}

const char* gr_node::kind_name() const {
  switch (kind) {
    case GR_NONE: return "null";
    case GR_BOOL: return "a boolean";
    case GR_INT: return "an integer";
    case GR_FLOAT: return "a number";
    case GR_STRING: return "a text";
    case GR_TENSOR: return "an array";
    case GR_LIST: return "a list";
    case GR_DICT: return "a dictionary";
  }
  return "an unknown value";
}

namespace gradien {
namespace {

// libtorch's interpreter wraps every exception in a runtime_error, so running
// out of memory can only be told by its text.
bool tells_of_memory(const std::string& message) {
  for (const char* mark : {"DefaultCPUAllocator", "std::bad_alloc", "CUDA out of memory", "std::length_error",
                           "vector::_M_default_append", "basic_string::_M_"}) {
    if (message.find(mark) != std::string::npos) return true;
  }
  return false;
}

gr_node fault_of(const char* kind, std::string message) {
  gr_node fault = gr_node::dict();
  fault.insert("kind", gr_node::of_string(kind)).insert("message", gr_node::of_string(std::move(message)));
  return fault;
}

gr_node runtime_fault(const std::string& message) {
  return fault_of(tells_of_memory(message) ? "out_of_memory" : "runtime", message);
}

gr_node fault_of_current() {
  try {
    throw;
  } catch (const Refusal& refusal) {
    gr_node fault = fault_of(refusal.kind, refusal.message);
    if (!refusal.file.empty()) {
      fault.insert("file", gr_node::of_string(refusal.file)).insert("line", gr_node::of_int(refusal.line));
    }
    return fault;
  } catch (const torch::jit::ErrorReport& report) {
    return fault_of("compile", report.what());
  } catch (const torch::jit::JITException& raised) {
    gr_node fault = fault_of("raised", raised.what());
    if (auto type = raised.getPythonClassName()) fault.insert("type", gr_node::of_string(*type));
    if (auto reason = raised.getOriginalMsg()) fault.insert("reason", gr_node::of_string(*reason));
    return fault;
  } catch (const std::bad_alloc&) {
    return fault_of("out_of_memory", "std::bad_alloc");
  } catch (const c10::Error& error) {
    return runtime_fault(error.what_without_backtrace());
  } catch (const std::exception& error) {
    return runtime_fault(error.what());
  } catch (...) {
    return fault_of("runtime", "an exception of an unknown kind");
  }
}

}  // namespace

gr_node* describe_exception() noexcept {
  try {
    return new gr_node(fault_of_current());
  } catch (...) {
    return nullptr;
  }
}

}  // namespace gradien

namespace {

template <typename Make>
gr_node* made(Make&& make) noexcept {
  try {
    return new gr_node(make());
  } catch (...) {
    return nullptr;
  }
}

}  // namespace

extern "C" {

gr_node* gr_none(void) {
  return made([] { return gr_node(); });
}
gr_node* gr_bool(int value) {
  return made([&] { return gr_node::of_bool(value != 0); });
}
gr_node* gr_int(int64_t value) {
  return made([&] { return gr_node::of_int(value); });
}
gr_node* gr_float(double value) {
  return made([&] { return gr_node::of_float(value); });
}
gr_node* gr_string(const char* text, size_t length) {
  return made([&] { return gr_node::of_string(std::string(text, length)); });
}
gr_node* gr_tensor(const void* tensor) {
  return made([&] { return gr_node::of_tensor(*static_cast<const at::Tensor*>(tensor)); });
}
gr_node* gr_list(void) {
  return made([] { return gr_node::list(); });
}
gr_node* gr_dict(void) {
  return made([] { return gr_node::dict(); });
}

int gr_list_push(gr_node* list, gr_node* item) {
  int failed = 0;
  try {
    list->items.push_back(std::move(*item));
  } catch (...) {
    failed = 1;
  }
  delete item;
  return failed;
}

int gr_dict_insert(gr_node* dict, const char* key, size_t length, gr_node* item) {
  int failed = 0;
  try {
    dict->insert(std::string(key, length), std::move(*item));
  } catch (...) {
    failed = 1;
  }
  delete item;
  return failed;
}

gr_kind gr_kind_of(const gr_node* node) { return node->kind; }
int64_t gr_as_int(const gr_node* node) { return node->integer; }
double gr_as_float(const gr_node* node) { return node->real; }

const char* gr_as_string(const gr_node* node, size_t* length) {
  *length = node->text.size();
  return node->text.data();
}

void* gr_as_tensor(const gr_node* node) {
  try {
    return new at::Tensor(node->tensor);
  } catch (...) {
    return nullptr;
  }
}

size_t gr_length(const gr_node* node) { return node->items.size(); }
const gr_node* gr_item(const gr_node* node, size_t index) { return &node->items[index]; }

const char* gr_key(const gr_node* node, size_t index, size_t* length) {
  *length = node->keys[index].size();
  return node->keys[index].data();
}

void gr_free(gr_node* node) { delete node; }

}  // extern "C"
