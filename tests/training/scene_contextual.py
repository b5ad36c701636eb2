"""The contextual term: every gradient against central differences in double, and the figures its definition gives."""
import math

import harness

torch = harness.need("torch")
harness.room("scene")
torch.set_num_threads(1)
import contextual  # noqa: E402
from contextual import Contextual, Options  # noqa: E402

STEP, LIMIT = 1e-6, 1e-3


def numbers(seed=3, n=3, h=7, w=8, channels=3):
    """Logits, picture and kernels away from the initial ones, double."""
    g = torch.Generator().manual_seed(seed)
    z = torch.randn(2, n, h, w, generator=g, dtype=torch.float64)
    picture = 0.4 * torch.rand(2, channels, h, w, generator=g, dtype=torch.float64)
    kernels = contextual.first_kernels("neighbours") + 0.1 * torch.randn(8, 3, 3, generator=g, dtype=torch.float64)
    return z, picture, kernels


def term(options, kernels):
    made = Contextual(options).double()
    made.kernels = torch.nn.Parameter(kernels)
    return made


def signs(f, kernels, dilations):
    return [contextual.correlate(f, kernels, d).sign() for d in dilations]


def compare(value, x, analytic, steady):
    """Largest difference to central differences over largest gradient; elements where a sign flips are left out."""
    worst, largest, flat = 0.0, float(analytic.abs().max()), x.view(-1)
    used = 0
    for i in range(flat.numel()):
        before = float(flat[i])
        flat[i] = before + STEP
        above, signs_above = float(value()), steady()
        flat[i] = before - STEP
        below, signs_below = float(value()), steady()
        flat[i] = before
        if any((a != b).any() for a, b in zip(signs_above, signs_below)):
            continue
        used += 1
        worst = max(worst, abs((above - below) / (2 * STEP) - float(analytic.view(-1)[i])))
    assert used > 0.9 * flat.numel(), f"only {used} of {flat.numel()} elements could be compared"
    assert largest > 0 and worst / largest <= LIMIT, f"relative error {worst / largest:.2e}"


def gradients(options):
    z, picture, kernels = numbers()
    made = term(options, kernels)
    f = z.softmax(1).detach()
    d = made.kernels.data

    def of(name):
        a, b, c = f.clone(), picture.clone(), z.clone()
        for t in (a, b, c):
            t.requires_grad_()
        made.kernels.grad = None
        probabilities = c.softmax(1) if name == "z" else a
        made(probabilities, b).backward()
        return {"f": a.grad, "I": b.grad, "z": c.grad, "D": made.kernels.grad}[name]

    with torch.no_grad():
        analytic_f, analytic_d = of_grad(of, "f"), of_grad(of, "D")
        compare(lambda: made(f, picture), f, analytic_f, lambda: signs(f, d, options.dilations))
        compare(lambda: made(f, picture), d, analytic_d, lambda: signs(f, d, options.dilations))
        analytic_z = of_grad(of, "z")
        compare(lambda: made(z.softmax(1), picture), z, analytic_z, lambda: signs(z.softmax(1), d, options.dilations))
        if options.guide_gradient:
            analytic_i = of_grad(of, "I")
            compare(lambda: made(f, picture), picture, analytic_i, lambda: signs(f, d, options.dilations))


def of_grad(of, name):
    with torch.enable_grad():
        return of(name)


def gradients_of_the_mean_form():
    gradients(Options(guide_gradient=True))


def gradients_of_the_sum_form():
    gradients(Options(guide_gradient=True, reduction="sum", weight=2.0))


def gradients_with_dilations():
    gradients(Options(guide_gradient=True, dilations=(1, 2)))


def gradients_with_thresholded_pairs():
    """No W lies within a step of the threshold, so the cut does not move under the differences."""
    gradients(Options(guide_gradient=True, threshold=0.3))


def gradients_with_features_as_guide():
    gradients(Options(feature_guide=True))
    gradients(Options(feature_guide=True, guide_gradient=True))


def gradients_of_the_kernel_loss():
    for form in ("printed", "zero_sum"):
        options = Options(kernel_reg=form)
        _, _, kernels = numbers()
        leaf = kernels.clone().requires_grad_()
        contextual.KernelLoss.apply(leaf, options).backward()
        compare(lambda: contextual.KernelLoss.apply(kernels, options), kernels, leaf.grad, lambda: [torch.zeros(1)])


def stopped_weight_leaves_only_the_first_part():
    z, picture, kernels = numbers()
    f = z.softmax(1)
    whole, stopped = term(Options(), kernels), term(Options(stop_weight=True), kernels.clone())
    for made in (whole, stopped):
        made(f, picture).backward()
    assert not torch.allclose(whole.kernels.grad, stopped.kernels.grad)
    weight = torch.exp(-contextual.correlate(picture, kernels, 1).square().sum(1) / (2 * 0.25 ** 2))
    fixed = kernels.clone().requires_grad_()
    (weight.detach() * contextual.correlate(f, fixed, 1).abs().sum(1)).sum().mul(whole.factor(f.shape, 1)).backward()
    assert torch.allclose(stopped.kernels.grad, fixed.grad, rtol=1e-10)


def one_kernel(values):
    return torch.tensor(values, dtype=torch.float64).reshape(1, 3, 3)


def kernel_loss_has_its_minimum_where_it_should():
    base = one_kernel([0, 0, 0, 0, 1, -1, 0, 0, 0]) / math.sqrt(2)
    scales = torch.linspace(0.4, 1.3, 9001, dtype=torch.float64)
    printed = [float(contextual.KernelLoss.apply(base * s, Options(kernel_reg="printed"))) for s in scales]
    least = float(scales[int(torch.tensor(printed).argmin())]) ** 2
    assert abs(least - 0.5) < 1e-3, least
    zero = float(contextual.KernelLoss.apply(base, Options(kernel_reg="zero_sum")))
    assert abs(zero) < 1e-20, zero
    for other in (base * 0.99, base * 1.01, base + 0.001):
        assert float(contextual.KernelLoss.apply(other, Options(kernel_reg="zero_sum"))) > 1e-3


def constant_probabilities_cost_nothing():
    for kind in ("neighbours", "kirsch"):
        made = Contextual(Options(kernels=kind)).double()
        f = torch.full((1, 4, 6, 7), 0.25, dtype=torch.float64)
        cost = float(made(f, torch.rand(1, 3, 6, 7, dtype=torch.float64)))
        assert cost < 1e-6, (kind, cost)  # the kernels are stored in single precision


def weights_lie_between_nothing_and_one():
    """Seen through the cost of a one-hot step of which every pair counts W."""
    kernels = contextual.first_kernels("neighbours")
    for picture in (torch.rand(1, 3, 6, 6, dtype=torch.float64), torch.full((1, 3, 6, 6), 0.7, dtype=torch.float64)):
        weight = torch.exp(-contextual.correlate(picture, kernels, 1).square().sum(1) / (2 * 0.25 ** 2))
        assert float(weight.min()) >= 0 and float(weight.max()) <= 1
    assert torch.allclose(weight, torch.ones_like(weight))


def step_costs(d):
    """A one-hot vertical step over `d` of colour in all channels, lambda 1, sum: what a row costs."""
    made = Contextual(Options(weight=1.0, reduction="sum")).double()
    made.kernels = torch.nn.Parameter(contextual.first_kernels("neighbours"))
    h, w = 12, 10
    f = torch.zeros(1, 2, h, w, dtype=torch.float64)
    f[:, 0, :, :5], f[:, 1, :, 5:] = 1, 1
    picture = torch.full((1, 3, h, w), 0.2, dtype=torch.float64)
    picture[..., 5:] += d
    return float(made(f, picture)) / (h - 2)


def a_step_costs_what_was_computed_by_hand():
    assert abs(step_costs(0.0) - 8.4853) < 1e-4, step_costs(0.0)
    assert abs(step_costs(0.25) - 4.0082) < 1e-4, step_costs(0.25)
    assert abs(step_costs(0.1) - 6 * math.sqrt(2) * math.exp(-0.12)) < 1e-9


def mean_is_sum_over_pairs():
    z, picture, kernels = numbers()
    f = z.softmax(1)
    total = float(term(Options(reduction="sum"), kernels)(f, picture))
    mean = float(term(Options(reduction="mean"), kernels)(f, picture))
    b, _, h, w = f.shape
    assert abs(mean - total / (40 * 8 * b * (h - 2) * (w - 2))) < 1e-9


def kirsch_masks():
    kernels = contextual.first_kernels("kirsch")
    assert torch.allclose(kernels.square().sum((1, 2)), torch.ones(8, dtype=torch.float64))
    assert kernels.sum((1, 2)).abs().max() < 1e-12
    assert len({tuple(k.flatten().tolist()) for k in kernels}) == 8
    assert torch.allclose(kernels[1] * math.sqrt(120), torch.tensor([[5, 5, 5], [-3, 0, -3], [-3, -3, -3]], dtype=torch.float64))


def projection_gives_zero_sum_and_unit_norm():
    _, _, kernels = numbers()
    made = term(Options(project=True), kernels)
    made.project()
    assert made.kernels.sum((1, 2)).abs().max() < 1e-12
    assert (made.kernels.square().sum((1, 2)) - 1).abs().max() < 1e-12
    wrong = term(Options(project=True, kernel_reg="printed"), kernels)
    try:
        wrong.project()
    except ValueError:
        return
    raise AssertionError("project with the printed form was accepted")


def warm_up_and_balance():
    z, picture, _ = numbers()
    made = Contextual(Options(warm=4, balance=True, weight=1e6)).double()
    watch = contextual.Balance(made, batches=3)
    lines, costs = [], []
    for _ in range(8):
        logits = z.clone().requires_grad_()
        around = made(logits.softmax(1), picture)
        entropy = torch.nn.functional.cross_entropy(logits, torch.zeros(2, 7, 8, dtype=torch.long))
        costs.append(float(around))
        lines.append(watch.watch(logits, entropy, around))
        made.count()
    assert costs[0] == 0 and costs[1] < costs[2] < costs[4], costs
    assert [line is not None for line in lines] == [False] * 6 + [True, False], lines
    assert costs[7] < costs[6]
    logits = z.clone().requires_grad_()
    norms = [torch.autograd.grad(loss, logits)[0].norm() for loss in (
        made(logits.softmax(1), picture), torch.nn.functional.cross_entropy(logits, torch.zeros(2, 7, 8, dtype=torch.long)))]
    assert abs(float(norms[0] / norms[1]) - 0.3) < 1e-6, float(norms[0] / norms[1])


def learning_keeps_the_kernels_differences():
    """Two hundred steps with momentum: norm and sum stay, nothing runs away."""
    z, picture, _ = numbers()
    made = Contextual(Options())
    step = torch.optim.SGD(made.parameters(), lr=1e-4, momentum=0.9)
    for _ in range(200):
        step.zero_grad()
        (made(z.float().softmax(1), picture.float()) + made.kernel_loss()).backward()
        step.step()
    assert (made.kernels.square().sum((1, 2)) - 1).abs().max() < 0.05
    assert made.kernels.sum((1, 2)).abs().max() < 0.05


harness.run([gradients_of_the_mean_form, gradients_of_the_sum_form, gradients_with_dilations,
             gradients_with_thresholded_pairs, gradients_with_features_as_guide, gradients_of_the_kernel_loss,
             stopped_weight_leaves_only_the_first_part, kernel_loss_has_its_minimum_where_it_should,
             constant_probabilities_cost_nothing, weights_lie_between_nothing_and_one,
             a_step_costs_what_was_computed_by_hand, mean_is_sum_over_pairs, kirsch_masks,
             projection_gives_zero_sum_and_unit_norm, warm_up_and_balance, learning_keeps_the_kernels_differences])
