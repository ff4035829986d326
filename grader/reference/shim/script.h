// What the parts of the shim share: the resolver, the operator check, units.
#pragma once

#include <torch/csrc/jit/api/compilation_unit.h>
#include <torch/csrc/jit/frontend/resolver.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "node.h"

struct gr_unit {
  // Shared, because functions of one unit may be held by graphs of another
  // (the prelude's are).
  std::shared_ptr<torch::jit::CompilationUnit> functions;
  std::map<std::string, torch::jit::Function*> by_name;
};

namespace gradien {

// Resolves the names a reference may use beyond its own functions.
torch::jit::ResolverPtr reference_resolver();

// Parses one file into its function definitions; `name` appears in errors.
std::vector<torch::jit::Def> parse_file(const std::string& name, const std::string& text);

// Throws a Refusal that names the first operator in `function` or in anything
// it calls that is not on the allow-list.
void check_operators(torch::jit::Function& function);

const std::vector<std::string>& allowed_operators();

// The source of our own versions of torch.nn.functional (see functional.cpp).
extern const char* const functional_file;
extern const char* const functional_source;

}  // namespace gradien
