// Calling a compiled function: plain values to IValues by the declared types,
// and back. A value is converted only where nothing is lost: an integer may
// become a float, a one-element array a number, never a float an integer.
#include <ATen/Context.h>
#include <ATen/core/jit_type.h>
#include <ATen/ops/scalar_tensor.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/grad_mode.h>

#include <cmath>

#include "script.h"

namespace gradien {
namespace {

using c10::IValue;
using c10::TypeKind;
using c10::TypePtr;

[[noreturn]] void mismatch(const std::string& where, const TypePtr& type, const gr_node& node) {
  std::string found = node.kind_name();
  if (node.kind == GR_TENSOR) {
    found = "an array of " + std::string(c10::toString(node.tensor.scalar_type())) + " and shape " +
            c10::str(node.tensor.sizes());
  }
  throw Refusal{"bad_arguments", where + " is declared " + type->annotation_str() + " but was given " + found};
}

IValue to_ivalue(const gr_node& node, const TypePtr& type, const std::string& where);

IValue tensor_of(const gr_node& node, const TypePtr& type, const std::string& where) {
  switch (node.kind) {
    case GR_TENSOR: return node.tensor;
    case GR_FLOAT: return at::scalar_tensor(node.real, at::kDouble);
    case GR_INT: return at::scalar_tensor(node.integer, at::kLong);
    case GR_BOOL: return at::scalar_tensor(node.integer != 0, at::kBool);
    default: mismatch(where, type, node);
  }
}

bool is_scalar_tensor(const gr_node& node) { return node.kind == GR_TENSOR && node.tensor.dim() == 0; }

IValue float_of(const gr_node& node, const TypePtr& type, const std::string& where) {
  if (node.kind == GR_FLOAT) return node.real;
  if (node.kind == GR_INT) return static_cast<double>(node.integer);
  if (is_scalar_tensor(node) && !node.tensor.is_complex()) return node.tensor.item().toDouble();
  mismatch(where, type, node);
}

IValue int_of(const gr_node& node, const TypePtr& type, const std::string& where) {
  if (node.kind == GR_INT) return node.integer;
  if (is_scalar_tensor(node) && c10::isIntegralType(node.tensor.scalar_type(), /*includeBool=*/false)) {
    return node.tensor.item().toLong();
  }
  mismatch(where, type, node);
}

IValue bool_of(const gr_node& node, const TypePtr& type, const std::string& where) {
  if (node.kind == GR_BOOL) return node.integer != 0;
  if (is_scalar_tensor(node) && node.tensor.scalar_type() == at::kBool) return node.tensor.item().toBool();
  mismatch(where, type, node);
}

// The items of a list; the rows of an array of at least one dimension count as
// one too, so that a vector may be given for List[float].
std::vector<gr_node> items_of(const gr_node& node, const TypePtr& type, const std::string& where) {
  if (node.kind == GR_LIST) return node.items;
  if (node.kind == GR_TENSOR && node.tensor.dim() > 0) {
    std::vector<gr_node> rows;
    for (at::Tensor& row : node.tensor.unbind()) rows.push_back(gr_node::of_tensor(row));
    return rows;
  }
  mismatch(where, type, node);
}

std::string indexed(const std::string& where, size_t index) { return where + "[" + std::to_string(index) + "]"; }

IValue list_of(const gr_node& node, const TypePtr& type, const std::string& where) {
  TypePtr element = type->castRaw<c10::ListType>()->getElementType();
  c10::impl::GenericList list(element);
  std::vector<gr_node> items = items_of(node, type, where);
  for (size_t i = 0; i < items.size(); i++) list.push_back(to_ivalue(items[i], element, indexed(where, i)));
  return list;
}

IValue tuple_of(const gr_node& node, const TypePtr& type, const std::string& where) {
  auto elements = type->containedTypes();
  std::vector<gr_node> items = items_of(node, type, where);
  if (items.size() != elements.size()) mismatch(where, type, node);
  std::vector<IValue> made;
  for (size_t i = 0; i < items.size(); i++) made.push_back(to_ivalue(items[i], elements[i], indexed(where, i)));
  return c10::ivalue::Tuple::create(std::move(made));
}

IValue dict_of(const gr_node& node, const TypePtr& type, const std::string& where) {
  auto* declared = type->castRaw<c10::DictType>();
  if (node.kind != GR_DICT || declared->getKeyType()->kind() != TypeKind::StringType) mismatch(where, type, node);
  c10::impl::GenericDict dict(declared->getKeyType(), declared->getValueType());
  for (size_t i = 0; i < node.items.size(); i++) {
    dict.insert(node.keys[i],
                to_ivalue(node.items[i], declared->getValueType(), where + "[\"" + node.keys[i] + "\"]"));
  }
  return dict;
}

IValue to_ivalue(const gr_node& node, const TypePtr& type, const std::string& where) {
  switch (type->kind()) {
    case TypeKind::TensorType: return tensor_of(node, type, where);
    case TypeKind::FloatType: return float_of(node, type, where);
    case TypeKind::IntType: return int_of(node, type, where);
    case TypeKind::BoolType: return bool_of(node, type, where);
    case TypeKind::NumberType: return node.kind == GR_INT ? int_of(node, type, where) : float_of(node, type, where);
    case TypeKind::StringType:
      if (node.kind != GR_STRING) mismatch(where, type, node);
      return node.text;
    case TypeKind::NoneType:
      if (node.kind != GR_NONE) mismatch(where, type, node);
      return IValue();
    case TypeKind::OptionalType:
      if (node.kind == GR_NONE) return IValue();
      return to_ivalue(node, type->castRaw<c10::OptionalType>()->getElementType(), where);
    case TypeKind::ListType: return list_of(node, type, where);
    case TypeKind::TupleType: return tuple_of(node, type, where);
    case TypeKind::DictType: return dict_of(node, type, where);
    default: mismatch(where, type, node);
  }
}

[[noreturn]] void bad_result(const std::string& message) { throw Refusal{"bad_result", message}; }

gr_node from_ivalue(const IValue& value) {
  if (value.isTensor()) {
    const at::Tensor& tensor = value.toTensor();
    if (!tensor.defined()) bad_result("the function returned an undefined tensor");
    if (tensor.layout() != at::kStrided) bad_result("the function returned a tensor that is not dense");
    return gr_node::of_tensor(tensor.detach());
  }
  if (value.isDouble()) return gr_node::of_float(value.toDouble());
  if (value.isInt()) return gr_node::of_int(value.toInt());
  if (value.isBool()) return gr_node::of_bool(value.toBool());
  if (value.isString()) return gr_node::of_string(value.toStringRef());
  if (value.isNone()) return gr_node();
  if (value.isList() || value.isTuple()) {
    gr_node list = gr_node::list();
    if (value.isTuple()) {
      for (const IValue& item : value.toTupleRef().elements()) list.items.push_back(from_ivalue(item));
    } else {
      for (const IValue& item : value.toListRef()) list.items.push_back(from_ivalue(item));
    }
    return list;
  }
  if (value.isGenericDict()) {
    gr_node dict = gr_node::dict();
    for (const auto& entry : value.toGenericDict()) {
      const IValue& key = entry.key();
      if (key.isString()) {
        dict.insert(key.toStringRef(), from_ivalue(entry.value()));
      } else if (key.isInt()) {
        dict.insert(std::to_string(key.toInt()), from_ivalue(entry.value()));
      } else {
        bad_result("the keys of a returned dictionary must be texts or integers");
      }
    }
    return dict;
  }
  bad_result("the function returned a value of type " + value.type()->annotation_str());
}

}  // namespace
}  // namespace gradien

extern "C" {

int gr_call(gr_unit* unit, const char* function, size_t length, const gr_node* arguments, gr_node** result,
            gr_node** fault) {
  *result = nullptr;
  return gradien::guarded(fault, [&] {
    const std::string name(function, length);
    auto found = unit->by_name.find(name);
    if (found == unit->by_name.end()) {
      throw gradien::Refusal{"unknown_function", "there is no function '" + name + "'"};
    }
    const auto& parameters = found->second->getSchema().arguments();
    const auto& given = arguments->items;
    size_t required = parameters.size();
    while (required > 0 && parameters[required - 1].default_value().has_value()) required--;
    if (given.size() < required || given.size() > parameters.size()) {
      throw gradien::Refusal{"bad_arguments", "function '" + name + "' takes " + std::to_string(parameters.size()) +
                                                  " arguments but was given " + std::to_string(given.size())};
    }
    torch::jit::Stack stack;
    for (size_t i = 0; i < given.size(); i++) {
      stack.push_back(gradien::to_ivalue(given[i], parameters[i].type(), "parameter '" + parameters[i].name() + "'"));
    }
    // The same call must give the same bytes whatever ran before it.
    at::manual_seed(0);
    at::AutoGradMode with_gradients(true);
    c10::IValue returned = (*found->second)(std::move(stack));
    *result = new gr_node(gradien::from_ivalue(returned));
  });
}

}  // extern "C"
