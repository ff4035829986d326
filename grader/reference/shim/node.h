// The plain value tree behind gr_node, and the exceptions behind *fault.
#pragma once

#include <ATen/core/Tensor.h>

#include <string>
#include <utility>
#include <vector>

#include "shim.h"

struct gr_node {
  gr_kind kind = GR_NONE;
  int64_t integer = 0;
  double real = 0;
  std::string text;
  at::Tensor tensor;
  std::vector<std::string> keys;  // of a dict, beside its items
  std::vector<gr_node> items;

  static gr_node of_int(int64_t value);
  static gr_node of_float(double value);
  static gr_node of_bool(bool value);
  static gr_node of_string(std::string value);
  static gr_node of_tensor(at::Tensor value);
  static gr_node list();
  static gr_node dict();

  gr_node& insert(std::string key, gr_node item);  // returns *this
  const char* kind_name() const;
};

namespace gradien {

// A refusal of ours, as against one of libtorch's.
struct Refusal {
  const char* kind;
  std::string message;
  std::string file = {};  // empty where unknown
  int64_t line = 0;  // from 1; 0 where unknown
};

// Describes the exception that is being handled; call it in a catch block only.
gr_node* describe_exception() noexcept;

// Runs `body`; an exception becomes a fault.
template <typename Body>
int guarded(gr_node** fault, Body&& body) noexcept {
  *fault = nullptr;
  try {
    body();
    return 0;
  } catch (...) {
    *fault = describe_exception();
    return 1;
  }
}

}  // namespace gradien
