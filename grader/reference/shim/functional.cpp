// The functions of torch.nn.functional whose Python signature is not the one of
// the operator beneath: an order of arguments that differs, a reduction given
// by name. Everything else under `F.` goes straight to the operator. They are
// TorchScript themselves and are compiled with the first reference that needs
// one, so a reference means here what it means in PyTorch.
#include "script.h"

namespace gradien {

const char* const functional_file = "torch/nn/functional.py";

const char* const functional_source = R"py(
def _reduction(name: str) -> int:
    if name == 'none':
        return 0
    if name == 'mean':
        return 1
    if name == 'sum':
        return 2
    raise ValueError("reduction must be 'none', 'mean' or 'sum', not '" + name + "'")

def cross_entropy(input: Tensor, target: Tensor, weight: Optional[Tensor] = None, ignore_index: int = -100, reduction: str = 'mean', label_smoothing: float = 0.0) -> Tensor:
    return torch.cross_entropy_loss(input, target, weight, _reduction(reduction), ignore_index, label_smoothing)

def nll_loss(input: Tensor, target: Tensor, weight: Optional[Tensor] = None, ignore_index: int = -100, reduction: str = 'mean') -> Tensor:
    return torch.nll_loss_nd(input, target, weight, _reduction(reduction), ignore_index)

def mse_loss(input: Tensor, target: Tensor, reduction: str = 'mean') -> Tensor:
    return torch.mse_loss(input, target, _reduction(reduction))

def l1_loss(input: Tensor, target: Tensor, reduction: str = 'mean') -> Tensor:
    return torch.l1_loss(input, target, _reduction(reduction))

def smooth_l1_loss(input: Tensor, target: Tensor, reduction: str = 'mean', beta: float = 1.0) -> Tensor:
    return torch.smooth_l1_loss(input, target, _reduction(reduction), beta)

def huber_loss(input: Tensor, target: Tensor, reduction: str = 'mean', delta: float = 1.0) -> Tensor:
    return torch.huber_loss(input, target, _reduction(reduction), delta)

def kl_div(input: Tensor, target: Tensor, reduction: str = 'mean', log_target: bool = False) -> Tensor:
    if reduction == 'batchmean':
        return torch.kl_div(input, target, 2, log_target=log_target) / input.size(0)
    return torch.kl_div(input, target, _reduction(reduction), log_target=log_target)

def binary_cross_entropy(input: Tensor, target: Tensor, weight: Optional[Tensor] = None, reduction: str = 'mean') -> Tensor:
    return torch.binary_cross_entropy(input, target, weight, _reduction(reduction))

def binary_cross_entropy_with_logits(input: Tensor, target: Tensor, weight: Optional[Tensor] = None, reduction: str = 'mean', pos_weight: Optional[Tensor] = None) -> Tensor:
    return torch.binary_cross_entropy_with_logits(input, target, weight, pos_weight, _reduction(reduction))

def hinge_embedding_loss(input: Tensor, target: Tensor, margin: float = 1.0, reduction: str = 'mean') -> Tensor:
    return torch.hinge_embedding_loss(input, target, margin, _reduction(reduction))

def embedding(input: Tensor, weight: Tensor) -> Tensor:
    return torch.embedding(weight, input)

def batch_norm(input: Tensor, running_mean: Optional[Tensor], running_var: Optional[Tensor], weight: Optional[Tensor] = None, bias: Optional[Tensor] = None, training: bool = False, momentum: float = 0.1, eps: float = 1e-5) -> Tensor:
    return torch.batch_norm(input, weight, bias, running_mean, running_var, training, momentum, eps, False)

def normalize(input: Tensor, p: float = 2.0, dim: int = 1, eps: float = 1e-12) -> Tensor:
    return input / torch.norm(input, p, [dim], True).clamp_min(eps)

def softmin(input: Tensor, dim: int) -> Tensor:
    return torch.softmax(-input, dim)

def softsign(input: Tensor) -> Tensor:
    return input / (input.abs() + 1)

def tanhshrink(input: Tensor) -> Tensor:
    return input - input.tanh()
)py";

}  // namespace gradien
