// The names a reference finds besides its own functions: torch, F, math, the
// dtypes, the exceptions. What is not named here and is no function of the
// reference is an error at the place where it is used. None of these names
// executes anything; which operators may run is allowed.cpp's to say.
#include <torch/csrc/jit/frontend/error_report.h>
#include <torch/csrc/jit/frontend/sugared_value.h>
#include <torch/csrc/jit/frontend/tree_views.h>
#include <torch/csrc/jit/ir/constants.h>

#include <cmath>
#include <limits>
#include <unordered_map>

#include "script.h"

namespace gradien {
namespace {

using namespace torch::jit;

SugaredValuePtr constant(GraphFunction& function, const SourceRange& place, const IValue& value) {
  return std::make_shared<SimpleValue>(insertConstant(*function.graph(), value, place));
}

const std::unordered_map<std::string, double>& numbers() {
  static const std::unordered_map<std::string, double> table = {
      {"pi", 3.14159265358979323846},
      {"e", 2.71828182845904523536},
      {"tau", 6.28318530717958647692},
      {"inf", std::numeric_limits<double>::infinity()},
      {"nan", std::numeric_limits<double>::quiet_NaN()},
  };
  return table;
}

const std::unordered_map<std::string, at::ScalarType>& dtypes() {
  static const std::unordered_map<std::string, at::ScalarType> table = {
      {"float64", at::kDouble}, {"double", at::kDouble}, {"float32", at::kFloat}, {"float", at::kFloat},
      {"int64", at::kLong},     {"long", at::kLong},     {"int32", at::kInt},     {"int", at::kInt},
      {"int16", at::kShort},    {"int8", at::kChar},     {"uint8", at::kByte},    {"bool", at::kBool},
  };
  return table;
}

// `math.sqrt` and its like: scalar operators of the same name.
struct MathModule : SugaredValue {
  std::string kind() const override { return "module math"; }
  SugaredValuePtr attr(const SourceRange& place, GraphFunction& function, const std::string& field) override {
    auto number = numbers().find(field);
    if (number != numbers().end()) return constant(function, place, number->second);
    // math.remainder differs from aten::remainder, which is Python's %.
    const std::string name = field == "remainder" ? "mathremainder" : field;
    return std::make_shared<BuiltinFunction>(Symbol::fromQualString("aten::" + name), std::nullopt);
  }
};

// torch.linalg.norm is aten::linalg_norm; likewise torch.special, torch.fft.
struct PrefixedModule : SugaredValue {
  explicit PrefixedModule(std::string prefix) : prefix_(std::move(prefix)) {}
  std::string kind() const override { return "module torch." + prefix_; }
  SugaredValuePtr attr(const SourceRange&, GraphFunction&, const std::string& field) override {
    return std::make_shared<BuiltinFunction>(Symbol::fromQualString("aten::" + prefix_ + "_" + field), std::nullopt);
  }

 private:
  std::string prefix_;
};

const std::shared_ptr<CompilationUnit>& functional_unit() {
  static const std::shared_ptr<CompilationUnit> unit = [] {
    auto made = std::make_shared<CompilationUnit>();
    std::vector<Def> definitions = parse_file(functional_file, functional_source);
    std::vector<ResolverPtr> resolvers(definitions.size(), reference_resolver());
    made->define(std::nullopt, {}, {}, definitions, resolvers, nullptr);
    return made;
  }();
  return unit;
}

// torch.nn.functional, also as F.
struct FunctionalModule : SugaredValue {
  std::string kind() const override { return "module torch.nn.functional"; }
  SugaredValuePtr attr(const SourceRange&, GraphFunction&, const std::string& field) override {
    if (!field.empty() && field[0] != '_') {
      if (Function* own = functional_unit()->find_function(c10::QualifiedName(field))) {
        return std::make_shared<FunctionValue>(StrongFunctionPtr(functional_unit(), own));
      }
    }
    return std::make_shared<BuiltinFunction>(Symbol::fromQualString("aten::" + field), std::nullopt);
  }
};

// A module of which only some members mean something in a reference.
struct FixedModule : SugaredValue {
  FixedModule(std::string name, std::string member, SugaredValuePtr value)
      : name_(std::move(name)), member_(std::move(member)), value_(std::move(value)) {}
  std::string kind() const override { return "module " + name_; }
  SugaredValuePtr attr(const SourceRange& place, GraphFunction&, const std::string& field) override {
    if (field == member_) return value_;
    throw(ErrorReport(place) << "a reference can use " << name_ << "." << member_ << " only, not " << name_ << "."
                             << field);
  }

 private:
  std::string name_, member_;
  SugaredValuePtr value_;
};

struct TorchModule : SugaredValue {
  std::string kind() const override { return "module torch"; }
  SugaredValuePtr attr(const SourceRange& place, GraphFunction& function, const std::string& field) override {
    auto dtype = dtypes().find(field);
    if (dtype != dtypes().end()) return constant(function, place, static_cast<int64_t>(dtype->second));
    auto number = numbers().find(field);
    if (number != numbers().end()) return constant(function, place, number->second);
    if (field == "nn") {
      return std::make_shared<FixedModule>("torch.nn", "functional", std::make_shared<FunctionalModule>());
    }
    if (field == "jit") {
      return std::make_shared<FixedModule>("torch.jit", "annotate", SpecialFormValue::create(prim::annotate));
    }
    if (field == "linalg" || field == "special" || field == "fft") return std::make_shared<PrefixedModule>(field);
    if (field == "autograd") return std::make_shared<BuiltinModule>("aten");
    return std::make_shared<BuiltinFunction>(Symbol::fromQualString("aten::" + field), std::nullopt);
  }
};

// An exception class. Unlike libtorch's own it keeps the class's name beside
// the message, so that a report can tell a failed assertion from a ValueError.
struct NamedException : ExceptionValue {
  explicit NamedException(std::string name) : ExceptionValue(std::move(name)) {}
  SugaredValuePtr call(const SourceRange& place, GraphFunction& function, at::ArrayRef<NamedValue> arguments,
                       at::ArrayRef<NamedValue>, size_t) override {
    Graph& graph = *function.graph();
    Value* message = insertConstant(graph, "", place);
    for (const NamedValue& argument : arguments) {
      Value* text = argument.value(graph);
      if (!text->type()->isSubtypeOf(*StringType::get())) {
        text = emitBuiltinCall(place, graph, aten::str, {text}, {});
      }
      message = emitBuiltinCall(place, graph, aten::add, {message, text}, {});
    }
    return std::make_shared<ExceptionMessageValue>(message, insertConstant(graph, message_, place));
  }
};

struct ReferenceResolver : Resolver {
  SugaredValuePtr resolveValue(const std::string& name, GraphFunction&, const SourceRange&) override {
    if (name == "torch") return std::make_shared<TorchModule>();
    if (name == "F") return std::make_shared<FunctionalModule>();
    if (name == "math") return std::make_shared<MathModule>();
    for (const char* exception : {"Exception", "ValueError", "TypeError", "RuntimeError", "AssertionError",
                                  "IndexError", "KeyError", "NotImplementedError", "ZeroDivisionError"}) {
      if (name == exception) return std::make_shared<NamedException>(name);
    }
    return nullptr;
  }
};

}  // namespace

torch::jit::ResolverPtr reference_resolver() {
  static const torch::jit::ResolverPtr resolver = std::make_shared<ReferenceResolver>();
  return resolver;
}

}  // namespace gradien
