"""The networks: shapes at awkward sizes, unpooling, the shipped one's start, fold and export."""
import pathlib
import tempfile

import harness

torch, np, cv2 = harness.need("torch", "numpy", "cv2")
harness.room("scene")
torch.set_num_threads(1)
torch.manual_seed(4)
import labels  # noqa: E402
import loss  # noqa: E402
import measure  # noqa: E402
import net  # noqa: E402
import networks  # noqa: E402


def logits_have_the_picture_s_size():
    for kind in networks.KINDS.values():
        model = kind(5, width=4).eval()
        for size in ((100, 132), (33, 47)):
            assert model(torch.rand(1, 3, *size)).shape == (1, 5, *size), (kind, size)
            assert model.first.shape == (1, 4, *size)


def bilinear_upsampling_is_exact():
    """Scores that rise evenly come out rising evenly, away from the border."""
    model = networks.Fcn(1, width=4)
    for stage in model.stages:
        stage.forward = lambda x: x
    model.score = torch.nn.Identity()
    model.stages[0].forward = lambda x: torch.arange(5.0).expand(1, 1, 4, 5).repeat_interleave(16, 2).repeat_interleave(16, 3)
    out = model(torch.zeros(1, 3, 64, 80)).detach()[0, 0, 32]
    assert torch.allclose(out[8:72], (torch.arange(8, 72) - 7.5) / 16, atol=1e-5)


def unpooling_puts_values_back():
    x = torch.rand(1, 2, 5, 7)
    small, where = torch.nn.functional.max_pool2d(x, 2, ceil_mode=True, return_indices=True)
    back = torch.nn.functional.max_unpool2d(small, where, 2, output_size=(5, 7))
    assert ((back == 0) | (back == x)).all() and int((back > 0).sum()) == small.numel()


def same_seed_same_network():
    made = []
    for _ in range(2):
        torch.manual_seed(9)
        made.append(networks.SegNet(4, width=4).state_dict())
    assert all(torch.equal(a, b) for a, b in zip(made[0].values(), made[1].values()))


def stem_equals_the_interleaved_one():
    weight = np.random.default_rng(1).standard_normal((4, 12, 3, 3)).astype(np.float32)
    picture = torch.rand(1, 3, 16, 20)
    quarters = torch.cat([picture[..., r::2, c::2] for r, c in ((0, 0), (1, 0), (0, 1), (1, 1))], 1)
    want = torch.nn.functional.conv2d(quarters, torch.from_numpy(weight), padding=1)
    got = torch.nn.functional.conv2d(picture, torch.from_numpy(net.unfocus(weight)), stride=2, padding=2)
    assert torch.allclose(got, want, atol=1e-4)


def start_takes_over_what_was_learned():
    source = harness.data("models/yolox_nano/yolox_nano.onnx")
    harness.need("onnx")
    trunk = net.Trunk()
    pairs = net.start(trunk, str(source))
    picture = torch.rand(1, 3, 128, 160)
    net.settle(trunk, pairs, picture)
    with torch.no_grad():
        first = trunk.stem(picture)
        conv, bias = trunk.stem.conv, dict(pairs)[trunk.stem]
        want = torch.nn.functional.conv2d(picture, conv.weight, bias, stride=2, padding=2)
    assert torch.allclose(first, want * torch.sigmoid(want), atol=1e-3)


def silu_backward():
    x = torch.randn(50, dtype=torch.float64, requires_grad=True)
    net.Silu.apply(x).sum().backward()
    mine, x.grad = x.grad.clone(), None
    torch.nn.functional.silu(x).sum().backward()
    assert torch.allclose(mine, x.grad)


def export_reads_the_same_in_opencv():
    harness.need("onnx")
    import export
    model = net.Compact()
    for module in model.modules():  # norms that are not the identity, so that folding them is seen
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.uniform_(-0.3, 0.3)
            module.running_var.uniform_(0.5, 2.0)
            module.bias.data.uniform_(-0.3, 0.3)
    model.eval()
    picture = torch.rand(1, 3, 240, 320)
    with torch.no_grad():
        before = model(picture)
    with tempfile.TemporaryDirectory() as folder:
        path = str(pathlib.Path(folder) / "scene.onnx")
        assert export.write(model, path) < 1e-3
        read = cv2.dnn.readNetFromONNX(path)
    read.setInput(picture.numpy())
    out = read.forward()
    assert out.shape == (1, 40, 60, 80) and np.abs(out - before.numpy()).max() < 1e-3


def sums_of_classes():
    p = torch.rand(2, 40, 3, 4).softmax(1)
    four = loss.fold(p)
    for c in range(4):
        assert torch.allclose(four[:, c], p[:, torch.from_numpy(labels.FOUR_OF_40 == c)].sum(1), atol=1e-6)
    assert np.allclose(measure.fold(p[0].numpy(), 4), four[0].numpy(), atol=1e-6)


def floor_pictures_teach_floor_alone():
    four = torch.full((1, 4, 4, 4), 0.25)
    label = torch.full((1, 8, 8), labels.IGNORE, dtype=torch.uint8)
    assert float(loss.floor_only(four, label)) == 0
    label[:, :4], label[:, 4:] = 0, 254
    got = float(loss.floor_only(four, label))
    assert abs(got - 0.5 * (-np.log(0.25) - np.log(0.75))) < 1e-5


def the_teacher_is_heard_where_it_is_sure():
    logits = torch.randn(1, 40, 3, 4)
    unsure = torch.full((1, 40, 3, 4), 1 / 40)
    assert float(loss.taught(logits, unsure)) == 0
    sure = torch.zeros(1, 40, 3, 4)
    sure[:, 7] = 1
    want = torch.nn.functional.cross_entropy(logits, torch.full((1, 3, 4), 7))
    assert abs(float(loss.taught(logits, sure)) - float(want)) < 1e-5


harness.run([logits_have_the_picture_s_size, bilinear_upsampling_is_exact, unpooling_puts_values_back, same_seed_same_network,
             stem_equals_the_interleaved_one, start_takes_over_what_was_learned, silu_backward,
             export_reads_the_same_in_opencv, sums_of_classes, the_teacher_is_heard_where_it_is_sure, floor_pictures_teach_floor_alone])
