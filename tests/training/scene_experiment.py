"""The experiment: equal conditions in every arm, the tables' arithmetic, the procedural rooms."""
import argparse
import json
import pathlib
import tempfile

import harness

torch, np, cv2 = harness.need("torch", "numpy", "cv2")
harness.room("scene")
torch.set_num_threads(1)
import experiment  # noqa: E402
import experiment_tables as tables  # noqa: E402
import metrics  # noqa: E402
import rooms  # noqa: E402


def data(count=6, size=(33, 25)):
    r = np.random.default_rng(1)
    pictures = r.integers(0, 256, (count, size[1], size[0], 3), dtype=np.uint8)
    marks = r.integers(0, 4, (count, size[1], size[0])).astype(np.uint8)
    return {"picture": pictures, "label": marks, "held": pictures[:2], "truth": marks[:2], "free": pictures[::-1].copy()}


def arms_see_the_same_pictures_in_the_same_order():
    a, b = experiment.Order(data(), 3, True), experiment.Order(data(), 3, True)
    for _ in range(3):
        first = a.batch()
        a.free()  # unlabelled pictures in between change nothing
        second = b.batch()
        assert torch.equal(first[0], second[0]) and torch.equal(first[1], second[1])
    assert not torch.equal(experiment.Order(data(), 4, True).batch()[0], experiment.Order(data(), 3, True).batch()[0])


def labels_go_with_their_pictures():
    """Where every label is painted as a grey value, picture and label still say the same after a change."""
    d = data()
    d["label"] = d["label"][:, ::5, ::5].repeat(5, 1)[:, :25].repeat(5, 2)[:, :, :33]
    d["picture"] = (d["label"] * 60)[..., None].repeat(3, -1)
    order = experiment.Order(d, 5, True)
    for _ in range(4):
        seen, label = order.batch()
        same = (seen[:, 0] * 255 - label * 60).abs() < 1
        assert same.float().mean() > 0.5, float(same.float().mean())  # all but mixed borders


def options(folder):
    return argparse.Namespace(work=folder, before=2, steps=2, bf16=False)


def arms_begin_alike_and_end_apart():
    ends = {}
    with tempfile.TemporaryDirectory() as folder:
        for term in ("none", "fixed", "learned", "recommended", "unlabelled"):
            model, made, times = experiment.train(("four", "segnet", term, 1), data(), options(folder))
            ends[term] = [p.detach().clone() for p in model.parameters()]
            assert len(times) == 2 and (made is None) == (term == "none")
        assert [p.name for p in (pathlib.Path(folder) / "before").iterdir()] == ["four-segnet-1.pt"]
        assert not all(torch.equal(a, b) for a, b in zip(ends["none"], ends["fixed"]))
    with tempfile.TemporaryDirectory() as folder:  # from the very beginning
        again, _, _ = experiment.train(("four", "segnet", "none", 1), data(), options(folder))
    assert all(torch.equal(a, b) for a, b in zip(ends["none"], again.parameters()))


def fixed_kernels_stay():
    with tempfile.TemporaryDirectory() as folder:
        _, fixed, _ = experiment.train(("four", "fcn", "fixed", 1), data(), options(folder))
        _, learned, _ = experiment.train(("four", "fcn", "learned", 1), data(), options(folder))
    start = tables.contextual.first_kernels("neighbours").float()
    assert torch.equal(fixed.kernels, start) and not torch.equal(learned.kernels, start)


def lambda_goes_with_the_width():
    assert abs(experiment.scaled(tables.contextual.Options(), 140).weight - 25) < 1e-9
    assert experiment.scaled(None, 140) is None


def fake(n, seed=1):
    n = np.array(n, np.int32)
    return {"n": n, "n_majority": n, "f1": np.array([0.5] * len(n)), "f1_majority": np.array([0.5] * len(n)),
            "isolated": np.array([3] * len(n)), "isolated_majority": np.array([1] * len(n)), "kernels": np.zeros((0, 3, 3)),
            "facts": {"parameters": 10, "term_parameters": 0, "ms_a_step": 5.0, "memory_mib": 100.0, "steps": 1}}


def drawn_figures_equal_plain_ones():
    r = np.random.default_rng(2)
    n = r.integers(0, 50, (5, 3, 3))
    weights = r.integers(0, 3, (4, 5)).astype(float)
    weights[0] = 1
    got = tables.drawn_figures(n, weights)
    for w, row in zip(weights, got):
        want = metrics.figures((n * w[:, None, None].astype(int)).sum(0))
        assert np.allclose(row, [want["mean_iu"], want["fw_iu"]])


def bootstrap_sees_a_difference_and_none():
    r = np.random.default_rng(3)
    base = r.integers(5, 50, (20, 3, 3))
    better = base + 40 * np.eye(3, dtype=int)
    mean, each, low, high = tables.bootstrap({1: fake(better), 2: fake(better)}, {1: fake(base), 2: fake(base)}, 500)
    assert (low > 0).all() and (low <= mean).all() and (mean <= high).all() and each.shape == (2, 2)
    mean, _, low, high = tables.bootstrap({1: fake(base)}, {1: fake(base)}, 500)
    assert (mean == 0).all() and (low == 0).all() and (high == 0).all()


def tables_come_from_finished_arms():
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "arms").mkdir()
        for term in ("none", "learned"):
            for seed in (1, 2):
                arm = fake(np.random.default_rng(seed).integers(1, 9, (4, 4, 4)))
                arm["facts"] = json.dumps(arm["facts"])
                np.savez(pathlib.Path(folder) / "arms" / f"four-fcn-{term}-{seed}.npz", **arm)
        text = "\n".join(tables.lines(folder))
    assert "not comparable" in text and "81.1 80.3" in text and "not measured: no labelled depth" in text
    assert "fcn learned - none, mean IU: +0.00" in text, text


def rooms_are_rooms():
    picture, channels, label = rooms.room(5, 66, 50)
    again = rooms.room(5, 66, 50)
    assert all((a == b).all() for a, b in zip((picture, channels, label), again))
    assert picture.shape == channels.shape == (50, 66, 3) and set(np.unique(label)) <= {0, 1, 2, 3}
    seen = [rooms.room(s, 66, 50) for s in range(12)]
    floor = np.concatenate([c[m == 0] for _, c, m in seen]).astype(int)
    assert abs(np.median(floor[:, 2]) - 38) <= 6, np.median(floor[:, 2])  # gravity is the floor's normal


harness.run([arms_see_the_same_pictures_in_the_same_order, labels_go_with_their_pictures, arms_begin_alike_and_end_apart,
             fixed_kernels_stay, lambda_goes_with_the_width, drawn_figures_equal_plain_ones, bootstrap_sees_a_difference_and_none,
             tables_come_from_finished_arms, rooms_are_rooms])
