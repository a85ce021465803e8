"""The Muon optimizer (Jordan et al. 2024): SGD with momentum whose update matrices are orthogonalized.

`torch.optim.Muon` is not used for two reasons: it iterates in bfloat16, which is slow on CPUs without bfloat16
arithmetic, and it orthogonalizes one matrix at a time, where matrices of equal shape can share a batched product.
"""

import torch

COEFFICIENTS = (3.4445, -4.7750, 2.0315)


def orthogonalize(matrices: torch.Tensor, steps: int = 5) -> torch.Tensor:
    """The nearest (semi-)orthogonal matrices to matrices [N, rows, columns], by a quintic Newton–Schulz iteration."""
    a, b, c = COEFFICIENTS
    tall = matrices.shape[-2] > matrices.shape[-1]
    x = matrices.mT if tall else matrices
    x = x / x.norm(dim=(-2, -1), keepdim=True).clamp_min(1e-7)
    for _ in range(steps):
        gram = x @ x.mT
        x = torch.baddbmm(x, torch.baddbmm(gram, gram, gram, beta=b, alpha=c), x, beta=a)
    return x.mT if tall else x


class Muon(torch.optim.Optimizer):
    """Muon for weight matrices [rows, columns]; other parameters need another optimizer. Updates are scaled to the RMS
    of AdamW's (Liu et al. 2025), so that both can share a learning rate."""

    def __init__(self, parameters, lr: float, momentum: float = 0.95, weight_decay: float = 0.1):
        super().__init__(parameters, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            by_shape: dict[torch.Size, list[torch.nn.Parameter]] = {}
            for parameter in group["params"]:
                if parameter.grad is not None:
                    by_shape.setdefault(parameter.shape, []).append(parameter)
            for parameters in by_shape.values():
                self._update(parameters, group)

    def _update(self, parameters: list[torch.nn.Parameter], group: dict) -> None:
        directions = torch.stack([self._momentum(parameter, group["momentum"]) for parameter in parameters])
        scale = 0.2 * max(parameters[0].shape) ** 0.5
        for parameter, direction in zip(parameters, orthogonalize(directions), strict=True):
            parameter.mul_(1 - group["lr"] * group["weight_decay"])
            parameter.add_(direction, alpha=-group["lr"] * scale)

    def _momentum(self, parameter: torch.nn.Parameter, momentum: float) -> torch.Tensor:
        """The update direction of a parameter, with Nesterov momentum."""
        gradient = parameter.grad
        assert gradient is not None, "the trainer gives every parameter one"
        buffer = self.state[parameter].setdefault("momentum", torch.zeros_like(parameter))
        buffer.lerp_(gradient, 1 - momentum)
        return gradient.lerp(buffer, momentum)
