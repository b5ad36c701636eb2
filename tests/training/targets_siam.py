"""The Siamese network's training: shapes, equation (11), box codes, gradients, and that the middle of a crop is a template."""
import harness

torch, np, cv2 = harness.need("torch", "numpy", "cv2")
harness.room("targets/siam")
torch.set_num_threads(1)
torch.manual_seed(4)
import boxes  # noqa: E402
import crops  # noqa: E402
import drawn  # noqa: E402
import full  # noqa: E402
import loss  # noqa: E402
import net  # noqa: E402
import track  # noqa: E402


def the_published_network_has_the_published_shapes():
    model = full.Full().eval()
    with torch.no_grad():
        z, x = model.backbone(torch.zeros(1, 1, 127, 127)), model.backbone(torch.zeros(1, 1, 255, 255))
        assert z.shape == (1, 256, 6, 6) and x.shape == (1, 256, 22, 22)
        assert model.kind_z(z).shape == (1, 2 * 5 * 256, 4, 4) and model.place_x(x).shape == (1, 256, 20, 20)
        assert full.Backbone(fusion=False).eval()(torch.zeros(1, 1, 127, 127)).shape == (1, 256, 6, 6)
    small = full.Full(width=256)
    kernels, features = torch.rand(2, 10 * 256, 4, 4), torch.rand(2, 256, 20, 20)
    assert full.correlate(kernels, features, 10).shape == (2, 10, 17, 17)
    assert small.adjust(torch.zeros(1, 20, 17, 17)).shape == (1, 20, 17, 17)


def the_compact_network_has_the_same_grid():
    for without in ([], ["fusion"], ["filter"], ["region"], ["fusion", "region", "filter"]):
        model, inputs = net.make(without)
        channels = net.CHANNELS[inputs]
        template, search = torch.rand(2, channels, 63, 63), torch.rand(2, channels, 127, 127)
        out = model.eval()(template, search)
        assert out.shape == (2, 1 if "region" in without else 30, 17, 17), without
        assert model.backbone(template).shape[2:] == (6, 6) and model.backbone(search).shape[2:] == (22, 22)


def the_middle_of_a_crop_is_its_template():
    model = net.Region().eval()
    search = torch.rand(1, 2, 127, 127)
    apart = model.features(search[..., 32:95, 32:95]) - net.middle(model.features(search))
    assert float(apart.abs().max()) < 1e-5


def equation_11_is_cross_entropy():
    scores = torch.randn(4, 10, 17, 17, dtype=torch.float64) * 8
    kind = torch.randint(-1, 2, (4, 5, 17, 17)).double()
    ours = loss.logistic(loss.margin(scores, 5), kind)
    pairs = torch.stack((scores[:, :5][kind != 0], scores[:, 5:][kind != 0]), 1)
    theirs = torch.nn.functional.cross_entropy(pairs, (kind[kind != 0] > 0).long())
    assert abs(float(ours / theirs) - 1) < 1e-6
    far = loss.logistic(torch.full((1, 1, 17, 17), -1e4, dtype=torch.float64), torch.ones(1, 1, 17, 17))
    assert float(far) == 1e4  # the printed form overflows here


def codes_go_back_and_forth():
    rng = np.random.default_rng(1)
    for w, h in ((20, 12), (2, 2), (3, 9)):
        anchor = boxes.anchors(w, h)
        box = np.concatenate((rng.uniform(-60, 60, (*anchor.shape[:-1], 2)), rng.uniform(1, 90, (*anchor.shape[:-1], 2))), -1)
        assert np.abs(boxes.decode(anchor, boxes.encode(anchor, box)) - box).max() < 1e-9


def small_targets_have_an_anchor():
    for side in (2, 3, 5, 8, 20, 60):
        unit = 127 / boxes.crop_side(side, side)
        target = np.array([3.0, -3.0, side * unit, side * unit])
        assert boxes.overlap(boxes.anchors(side, side), target).max() > 0.25, side


def the_gradient_is_the_slope():
    model = net.Region(width=4).double().eval()
    template, search = torch.rand(1, 2, 63, 63).double(), torch.rand(1, 2, 127, 127).double()
    kind = torch.randint(-1, 2, (1, 5, 17, 17)).double()
    codes = torch.randn(1, 5, 17, 17, 4).double()

    def cost():
        out = model(template, search)
        placed = loss.places(out, 5).permute(0, 2, 3, 4, 1)[kind > 0] - codes[kind > 0]
        return loss.logistic(loss.margin(out, 5), kind) + (placed ** 2).mean()

    cost().backward()
    for name in ("backbone.conv1.0.weight", "backbone.conv5.weight", "backbone.mix.weight", "adjust.0.weight",
                 "head.kind.1.weight", "head.place.0.0.weight"):
        weight = dict(model.named_parameters())[name]
        at, step = tuple(int(i) for i in np.unravel_index(int(weight.grad.abs().argmax()), weight.shape)), 1e-6
        values = []
        with torch.no_grad():
            for sign in (1, -1):
                weight[at] += sign * step
                values.append(float(cost()))
                weight[at] -= sign * step
        slope, taught = (values[0] - values[1]) / (2 * step), float(weight.grad[at])
        assert abs(slope - taught) < 1e-4 * max(1e-3, abs(slope)), (name, slope, taught)


def a_drawn_target_is_where_its_box_says():
    rng = np.random.default_rng(3)
    for _ in range(20):
        target, picture = drawn.Target(rng), np.zeros((120, 120), np.float32)
        box = target.draw(picture, (60.0, 60.0))
        seen = np.abs(picture)
        rows, columns = np.nonzero(seen > 0.4 * seen.max())
        assert abs(box[0] - (columns.min() + columns.max() + 1) / 2) < 1e-6 and abs(box[3] - (rows.max() + 1 - rows.min())) < 1e-6


def the_filter_of_training_is_the_plugin_s():
    """Lines as in plugins/targets/line_element.cpp: 15 points at 0 and 90 degrees, 11 at 45 and 135."""
    assert [int(mask.sum()) for mask in crops.LINES] == [15, 15, 11, 15, 15, 15, 11, 15]
    assert crops.LINES[1].shape == (7, 13)


def an_untrained_network_follows_without_falling():
    picture = np.full((60, 80), 90, np.uint8)
    picture[28:32, 38:42] = 200
    for without in ([], ["region", "filter"]):
        model, inputs = net.make(without)
        follower = track.Follower(model.eval(), inputs, picture, (40, 30, 4, 4))
        for _ in range(8):
            box, _ = follower.step(picture)
            assert np.isfinite(box).all() and (box[2:] >= 1).all()


harness.run([the_published_network_has_the_published_shapes, the_compact_network_has_the_same_grid,
             the_middle_of_a_crop_is_its_template, equation_11_is_cross_entropy, codes_go_back_and_forth,
             small_targets_have_an_anchor, the_gradient_is_the_slope, a_drawn_target_is_where_its_box_says,
             the_filter_of_training_is_the_plugin_s, an_untrained_network_follows_without_falling])
