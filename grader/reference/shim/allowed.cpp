// Which operators a reference may use.
//
// Theory of operation. A reference's text is compiled to a graph whose nodes
// are operators by name. Before a unit is handed out, each function's graph is
// copied, every call in it is inlined, and every node of it, of its blocks and
// of any graph that hangs on an attribute must be on the list below. libtorch
// has some two thousand operators, among them ones that read and write files,
// draw random numbers, return uninitialised memory or change the state of the
// process; new ones come with each version. So the list names what is allowed,
// and what it forgets is refused with the operator's name and its place.
// Not on it on purpose: random numbers and dropout (a reference must give the
// same bytes each time), empty and resize (uninitialised memory), as_strided
// and set_ (views of arbitrary storage), save and from_file, print and warn,
// set_grad_enabled and manual_seed (state that outlives the call), cuda and cpu
// (the platform chooses the device), fork and wait.
#include <torch/csrc/jit/api/function_impl.h>
#include <torch/csrc/jit/ir/ir.h>
#include <torch/csrc/jit/passes/inliner.h>
#include <torch/csrc/jit/runtime/operator.h>

#include <algorithm>
#include <set>
#include <sstream>
#include <tuple>
#include <unordered_set>

#include "script.h"

namespace gradien {
namespace {

using namespace torch::jit;

// Nodes of the language itself: control flow, construction, access. These are
// prim:: operators; most are not in libtorch's registry.
const char* const language = R"(
  Constant If Loop ListConstruct ListUnpack TupleConstruct TupleUnpack TupleIndex TupleSlice DictConstruct
  DictIndex RaiseException unchecked_cast unchecked_unwrap_optional Uninitialized NumToTensor ConstantChunk
  StringIndex annotate isinstance rangelist tolist min max abs dtype device requires_grad grad data shape
  is_cuda itemsize nbytes IfThenElse
)";

// aten:: operators on numbers, texts, lists and dictionaries.
const char* const scalars_and_containers = R"(
  Bool Float FloatImplicit Int IntImplicit ScalarImplicit Size Delete
  __and__ __contains__ __derive_index __getitem__ __iand__ __ilshift__ __interpolate __ior__ __irshift__ __is__
  __isnot__ __ixor__ __lshift__ __not__ __or__ __range_length __round_to_zero_floordiv __rshift__ __xor__
  _set_item _unwrap_optional append bin capitalize center chr clear copy count degrees dict divmod endswith
  extend fabs factorial find floordiv format frexp gamma hex insert isalnum isalpha isdecimal isdigit
  islower isnumeric isspace istitle isupper items join keys len list ljust lower lstrip mathremainder modf oct
  ord partition percentFormat pop popitem radians range remove replace reverse rfind rindex rjust rpartition
  rstrip setdefault sorted splitlines startswith str strip swapcase title update upper values zfill
  get expandtabs
)";

// Making tensors, and asking about them.
const char* const creation = R"(
  arange as_tensor eye full full_like linspace logspace new_full new_ones new_zeros ones ones_like scalar_tensor
  tensor tril_indices triu_indices zeros zeros_like vander hann_window hamming_window blackman_window
  bartlett_window kaiser_window complex polar
  dim numel size stride is_complex is_contiguous is_floating_point is_nonzero is_signed is_leaf is_same_size
  element_size result_type promote_types can_cast item equal allclose is_grad_enabled
)";

// Shapes, indices and types.
const char* const shapes = R"(
  adjoint argsort argwhere atleast_1d atleast_2d atleast_3d block_diag broadcast_tensors broadcast_to bucketize
  cartesian_prod cat chunk clone col2im column_stack combinations concat concatenate constant_pad_nd contiguous
  copy_ detach detach_ diag diag_embed diagflat diagonal diagonal_scatter dsplit dstack expand expand_as
  fill fill_ fill_diagonal_ flatten flip fliplr flipud gather hsplit hstack im2col imag index index_add
  index_add_ index_copy index_copy_ index_fill index_fill_ index_put index_put_ index_reduce index_reduce_
  index_select isin kthvalue lift_fresh mH mT masked_fill masked_fill_ masked_scatter masked_scatter_
  masked_select matrix_H meshgrid moveaxis movedim msort narrow nonzero nonzero_numpy numpy_T one_hot pad
  pad_sequence permute pixel_shuffle pixel_unshuffle put put_ ravel real reflection_pad1d reflection_pad2d
  reflection_pad3d repeat repeat_interleave replication_pad1d replication_pad2d replication_pad3d reshape
  reshape_as resolve_conj resolve_neg roll rot90 row_stack scatter scatter_ scatter_add scatter_add_
  scatter_reduce scatter_reduce_ searchsorted select select_scatter slice slice_scatter sort split
  split_with_sizes squeeze squeeze_ stack swapaxes swapdims t t_ take take_along_dim tensor_split tile to topk
  transpose transpose_ tril tril_ triu triu_ type_as unbind unflatten unfold unique_consecutive unique_dim
  _unique2 _unique unsqueeze unsqueeze_ view view_as view_as_complex view_as_real vsplit vstack where zero_
  _shape_as_tensor channel_shuffle unsafe_chunk unsafe_split unsafe_split_with_sizes _reshape_from_tensor
  _cast_Float _cast_Double _cast_Int _cast_Long
)";

// Elementwise arithmetic, comparison and functions.
const char* const elementwise = R"(
  abs abs_ absolute acos acosh add add_ addcdiv addcdiv_ addcmul addcmul_ angle arccos arccosh arcsin arcsinh
  arctan arctan2 arctanh asin asinh atan atan2 atanh bitwise_and bitwise_left_shift bitwise_not bitwise_or
  bitwise_right_shift bitwise_xor ceil ceil_ clamp clamp_ clamp_max clamp_max_ clamp_min clamp_min_ clip clip_
  conj conj_physical copysign cos cosh deg2rad digamma div div_ divide eq eq_ erf erfc erfinv exp exp2 exp_
  expm1 fix float_power floor floor_ floor_divide floor_divide_ fmax fmin fmod fmod_ frac gcd ge ge_ greater
  greater_equal gt gt_ heaviside hypot i0 igamma igammac isclose isfinite isinf isnan isneginf isposinf isreal
  lcm ldexp le le_ lerp lerp_ less less_equal lgamma log log10 log1p log2 log_ logaddexp logaddexp2 logical_and
  logical_not logical_or logical_xor logit lt lt_ maximum minimum mul mul_ multiply mvlgamma nan_to_num ne ne_
  neg neg_ negative nextafter not_equal polygamma positive pow pow_ rad2deg reciprocal reciprocal_ remainder
  remainder_ round round_ rsqrt rsqrt_ rsub sgn sigmoid sigmoid_ sign sign_ signbit sin sinc sinh sqrt sqrt_
  square square_ sub sub_ subtract tan tanh tanh_ true_divide trunc trunc_ xlogy
)";

// Reductions, statistics, products and decompositions.
const char* const reductions_and_products = R"(
  addbmm addmm addmm_ addmv addr all amax amin aminmax any argmax argmin baddbmm bilinear bincount bmm cdist
  chain_matmul corrcoef cosine_similarity count_nonzero cov cross cummax cummin cumprod cumprod_ cumsum cumsum_
  cumulative_trapezoid det diff dist dot einsum frobenius_norm ger gradient histc inner inverse kron
  logcumsumexp logdet logsumexp matmul matrix_exp matrix_power max mean median min mm mode mv nanmean nanmedian
  nanquantile nansum norm norm_except_dim nuclear_norm outer pairwise_distance pdist pinverse prod qr quantile
  renorm slogdet std std_mean sum sum_to_size svd tensordot trace trapezoid trapz triangular_solve var var_mean
  vdot cholesky cholesky_inverse cholesky_solve lu_solve lu_unpack histogram
  linalg_cholesky linalg_cond linalg_cross linalg_det linalg_diagonal linalg_eig linalg_eigh linalg_eigvals
  linalg_eigvalsh linalg_householder_product linalg_inv linalg_ldl_factor linalg_ldl_solve linalg_lstsq
  linalg_lu linalg_lu_factor linalg_lu_solve linalg_matmul linalg_matrix_exp linalg_matrix_norm
  linalg_matrix_power linalg_matrix_rank linalg_multi_dot linalg_norm linalg_pinv linalg_qr linalg_slogdet
  linalg_solve linalg_solve_triangular linalg_svd linalg_svdvals linalg_tensorinv linalg_tensorsolve
  linalg_vander linalg_vecdot linalg_vector_norm
  fft_fft fft_fft2 fft_fftfreq fft_fftn fft_fftshift fft_ifft fft_ifft2 fft_ifftn fft_ifftshift fft_irfft
  fft_irfft2 fft_irfftn fft_rfft fft_rfft2 fft_rfftfreq fft_rfftn
  special_digamma special_entr special_erf special_erfc special_erfcx special_erfinv special_exp2 special_expit
  special_expm1 special_gammainc special_gammaincc special_gammaln special_i0 special_i0e special_i1
  special_i1e special_log1p special_log_ndtr special_log_softmax special_logit special_logsumexp
  special_multigammaln special_ndtr special_ndtri special_polygamma special_psi special_round special_sinc
  special_softmax special_xlog1py special_xlogy special_zeta
)";

// Neural networks. gru, lstm and rnn_* have a dropout argument: the generator
// is seeded anew for each call, so even that repeats.
const char* const networks = R"(
  adaptive_avg_pool1d adaptive_avg_pool2d adaptive_avg_pool3d adaptive_max_pool1d adaptive_max_pool2d
  adaptive_max_pool3d affine_grid_generator avg_pool1d avg_pool2d avg_pool3d batch_norm binary_cross_entropy
  binary_cross_entropy_with_logits celu conv1d conv2d conv3d conv_tbc conv_transpose1d conv_transpose2d
  conv_transpose3d convolution cosine_embedding_loss cross_entropy_loss ctc_loss elu elu_ embedding
  embedding_bag gelu glu grid_sampler group_norm gru gru_cell hardshrink hardsigmoid hardswish hardtanh
  hinge_embedding_loss huber_loss instance_norm kl_div l1_loss layer_norm leaky_relu leaky_relu_ linear
  log_sigmoid log_softmax lstm lstm_cell margin_ranking_loss max_pool1d max_pool1d_with_indices max_pool2d
  max_pool2d_with_indices max_pool3d max_pool3d_with_indices mish mse_loss multi_margin_loss
  multilabel_margin_loss native_batch_norm native_group_norm native_layer_norm nll_loss nll_loss2d nll_loss_nd
  poisson_nll_loss prelu relu relu6 relu_ rms_norm rnn_relu rnn_relu_cell rnn_tanh rnn_tanh_cell
  scaled_dot_product_attention selu silu smooth_l1_loss soft_margin_loss softmax softplus softshrink threshold
  triplet_margin_loss upsample_bicubic2d upsample_bilinear2d upsample_linear1d upsample_nearest1d
  upsample_nearest2d
)";

const char* const autograd = R"( backward grad requires_grad_ retain_grad )";

void add_names(std::vector<std::string>& names, const char* space, const char* group) {
  std::istringstream words(group);
  for (std::string word; words >> word;) names.push_back(std::string(space) + "::" + word);
}

bool is_allowed(const std::string& name) {
  static const std::unordered_set<std::string> names(allowed_operators().begin(), allowed_operators().end());
  return names.count(name) != 0;
}

[[noreturn]] void refuse(const Node& node, const std::string& name) {
  std::string shown = name;
  if (name.rfind("aten::", 0) == 0 || name.rfind("prim::", 0) == 0) shown = name.substr(6);
  std::ostringstream text;
  text << "a reference may not use '" << shown << "' (operator " << name << "):\n";
  const SourceRange range = node.sourceRange();
  range.highlight(text);
  Refusal refusal{"forbidden_operator", text.str()};
  if (auto place = range.file_line_col()) {
    refusal.file = std::get<0>(*place);
    refusal.line = static_cast<int64_t>(std::get<1>(*place));
  }
  throw refusal;
}

void check_block(const Block& block);

void check_graph(const Graph& graph) { check_block(*graph.block()); }

void check_block(const Block& block) {
  for (const Node* node : block.nodes()) {
    const std::string name = node->kind().toQualString();
    if (!is_allowed(name)) refuse(*node, name);
    for (const Block* inner : node->blocks()) check_block(*inner);
    for (Symbol attribute : node->attributeNames()) {
      if (node->kindOf(attribute) == AttributeKind::g) check_graph(*node->g(attribute));
      if (node->kindOf(attribute) == AttributeKind::gs) {
        for (const auto& graph : node->gs(attribute)) check_graph(*graph);
      }
    }
  }
}

}  // namespace

const std::vector<std::string>& allowed_operators() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> made;
    add_names(made, "prim", language);
    for (const char* group :
         {scalars_and_containers, creation, shapes, elementwise, reductions_and_products, networks, autograd}) {
      add_names(made, "aten", group);
    }
    return made;
  }();
  return names;
}

void check_operators(Function& function) {
  auto graph = toGraphFunction(function).graph()->copy();
  Inline(*graph);
  check_graph(*graph);
}

}  // namespace gradien

extern "C" {

int gr_list_operators(gr_node** names, gr_node** fault) {
  *names = nullptr;
  return gradien::guarded(fault, [&] {
    std::set<std::string> known;
    for (const auto& op : torch::jit::getAllOperators()) known.insert(op->schema().name());
    auto list = std::make_unique<gr_node>(gr_node::list());
    for (const std::string& name : known) list->items.push_back(gr_node::of_string(name));
    *names = list.release();
  });
}

int gr_list_allowed(gr_node** names, gr_node** fault) {
  *names = nullptr;
  return gradien::guarded(fault, [&] {
    auto list = std::make_unique<gr_node>(gr_node::list());
    for (const std::string& name : gradien::allowed_operators()) list->items.push_back(gr_node::of_string(name));
    *names = list.release();
  });
}

}  // extern "C"
