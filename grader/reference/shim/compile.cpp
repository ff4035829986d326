// From source files to a unit of checked functions.
#include <torch/csrc/jit/api/function_impl.h>
#include <torch/csrc/jit/frontend/parser.h>
#include <torch/csrc/jit/frontend/tree_views.h>

#include <sstream>
#include <tuple>

#include "script.h"

namespace gradien {

using namespace torch::jit;

namespace {

std::pair<std::string, int64_t> place_of(const SourceRange& range) {
  if (auto place = range.file_line_col()) {
    return {std::get<0>(*place), static_cast<int64_t>(std::get<1>(*place))};
  }
  return {"", 0};
}

[[noreturn]] void refuse(const char* kind, const SourceRange& range, const std::string& message) {
  std::ostringstream text;
  text << message << ":\n";
  range.highlight(text);
  auto [file, line] = place_of(range);
  throw Refusal{kind, text.str(), file, line};
}

// libtorch runs the expressions of default arguments while it compiles, before
// any check of operators. So a default must be a literal: no call in it.
void check_default(const TreeRef& tree) {
  switch (tree->kind()) {
    case TK_APPLY:
    case TK_LIST_COMP:
    case TK_DICT_COMP:
      refuse("compile", tree->range(), "the default value of a parameter must be a literal");
    default:
      for (const TreeRef& part : tree->trees()) check_default(part);
  }
}

gr_node signature_of(Function& function, const SourceRange& place) {
  const c10::FunctionSchema& schema = function.getSchema();
  gr_node parameters = gr_node::list();
  for (const c10::Argument& argument : schema.arguments()) {
    gr_node parameter = gr_node::dict();
    parameter.insert("name", gr_node::of_string(argument.name()))
        .insert("type", gr_node::of_string(argument.type()->annotation_str()))
        .insert("default", gr_node::of_bool(argument.default_value().has_value()));
    parameters.items.push_back(std::move(parameter));
  }
  auto [file, line] = place_of(place);
  gr_node signature = gr_node::dict();
  signature.insert("name", gr_node::of_string(function.name()))
      .insert("file", gr_node::of_string(file))
      .insert("line", gr_node::of_int(line))
      .insert("returns", gr_node::of_string(schema.returns().at(0).type()->annotation_str()))
      .insert("parameters", std::move(parameters));
  return signature;
}

}  // namespace

std::vector<Def> parse_file(const std::string& name, const std::string& text) {
  Parser parser(std::make_shared<Source>(text, name, 1));
  std::vector<Def> definitions;
  while (parser.lexer().cur().kind != TK_EOF) {
    definitions.emplace_back(parser.parseFunction(/*is_method=*/false));
  }
  return definitions;
}

}  // namespace gradien

extern "C" {

int gr_compile(size_t count, const char* const* names, const size_t* name_lengths, const char* const* texts,
               const size_t* text_lengths, gr_unit** unit, gr_node** signatures, gr_node** fault) {
  *unit = nullptr;
  *signatures = nullptr;
  return gradien::guarded(fault, [&] {
    using namespace torch::jit;
    std::vector<Def> definitions;
    std::map<std::string, SourceRange> places;
    for (size_t i = 0; i < count; i++) {
      const std::string name(names[i], name_lengths[i]);
      for (Def& definition : gradien::parse_file(name, std::string(texts[i], text_lengths[i]))) {
        const std::string& function = definition.name().name();
        auto [earlier, fresh] = places.emplace(function, definition.name().range());
        if (!fresh) {
          auto [file, line] = gradien::place_of(earlier->second);
          gradien::refuse("compile", definition.name().range(),
                          "function '" + function + "' is already defined in " + file + ", line " +
                              std::to_string(line));
        }
        for (const Param& parameter : definition.decl().params()) {
          if (parameter.defaultValue().present()) gradien::check_default(parameter.defaultValue().get().tree());
        }
        definitions.push_back(std::move(definition));
      }
    }

    auto made = std::make_unique<gr_unit>();
    made->functions = std::make_shared<CompilationUnit>();
    std::vector<ResolverPtr> resolvers(definitions.size(), gradien::reference_resolver());
    made->functions->define(std::nullopt, {}, {}, definitions, resolvers, nullptr);

    gr_node list = gr_node::list();
    for (const Def& definition : definitions) {
      const std::string& name = definition.name().name();
      Function& function = made->functions->get_function(c10::QualifiedName(name));
      gradien::check_operators(function);
      made->by_name.emplace(name, &function);
      list.items.push_back(gradien::signature_of(function, definition.name().range()));
    }
    auto boxed = std::make_unique<gr_node>(std::move(list));
    *unit = made.release();
    *signatures = boxed.release();
  });
}

void gr_unit_free(gr_unit* unit) { delete unit; }

}  // extern "C"
