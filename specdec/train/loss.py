"""Cross-entropy and distillation losses over a large vocabulary that never store the logits of all positions.

The gradient of both losses with respect to the logits has a closed form (softmax − target distribution). The forward
pass computes it block by block, while the logits are in the processor's cache, and the backward pass only scales it.
"""

import torch

BLOCK = 512


class _SoftTargetLoss(torch.autograd.Function):
    """The sum over positions of −Σ_v t_v log q_v with t = (1 − mix)·one-hot(label) + mix·p, where p is the teacher's
    distribution."""

    @staticmethod
    def forward(ctx, hidden, weight, labels, teacher_logits, mix):
        grad_hidden = torch.zeros_like(hidden)
        grad_weight = torch.zeros_like(weight) if ctx.needs_input_grad[1] else None  # None for a frozen output layer
        loss = hidden.new_zeros(())
        for part in (labels >= 0).nonzero().flatten().split(BLOCK):
            states = hidden[part]
            log_q = torch.log_softmax(states @ weight.T, dim=-1)
            rows = torch.arange(len(log_q), device=log_q.device)
            hard = 1.0 if teacher_logits is None else 1.0 - mix
            loss -= hard * log_q[rows, labels[part]].sum()
            grad = None
            if teacher_logits is not None:
                grad = torch.softmax(teacher_logits[part].to(hidden.dtype), dim=-1).mul_(-mix)
                loss += (grad * log_q).sum()
            q = log_q.exp_()
            grad = q if grad is None else grad.add_(q)
            grad[rows, labels[part]] -= hard
            grad_hidden[part] = grad @ weight
            if grad_weight is not None:
                grad_weight.addmm_(grad.T, states)
        ctx.save_for_backward(grad_hidden, grad_weight)
        return loss

    @staticmethod
    def backward(ctx, grad_output):
        grad_hidden, grad_weight = ctx.saved_tensors
        grad_weight = None if grad_weight is None else grad_weight * grad_output
        return grad_hidden * grad_output, grad_weight, None, None, None


def token_loss(
    hidden: torch.Tensor,
    weight: torch.Tensor,
    labels: torch.Tensor,
    teacher_logits: torch.Tensor | None = None,
    mix: float = 0.0,
) -> torch.Tensor:
    """The loss in nats, summed over positions: hidden states [N, H], output weights [V, H], labels [N] (negative
    labels are ignored), teacher_logits [N, V].

    With a teacher it is (1 − mix) · cross-entropy + mix · (KL(p ‖ q) + entropy of p); the entropy is constant, so the
    gradient is that of the KL mixture. Knowledge distillation: Hinton, Vinyals, Dean 2015. Its effect on the
    acceptance rate of speculative decoding: Zhou et al. 2023 (DistillSpec).
    """
    wide = torch.promote_types(hidden.dtype, torch.float32)  # float32 at least, since many tokens are summed
    with torch.autocast(hidden.device.type, enabled=False):
        return _SoftTargetLoss.apply(hidden.to(wide), weight.to(wide), labels, teacher_logits, mix)
