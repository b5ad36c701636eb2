"""Figures against golden values and against a slow computation of the same definitions."""
import harness

np, _ = harness.need("numpy", "cv2")
harness.room("scene")
import labels  # noqa: E402
import metrics  # noqa: E402


def golden_confusions():
    for n, want in (([[3, 1, 0], [1, 4, 1], [0, 2, 8]], (.750000, .738889, .590572, .616970)),
                    ([[5, 1, 0], [2, 5, 1], [0, 0, 0]], (.714286, .729167, .393519, .585317))):
        got = metrics.figures(n)
        for name, value in zip(("pixel_acc", "mean_acc", "mean_iu", "fw_iu"), want):
            assert abs(got[name] - value) < 1e-6, (name, got[name], value)


def confusion_leaves_ignored_out():
    truth = np.array([[0, 1, 255], [2, 2, 255]], np.uint8)
    answer = np.array([[0, 2, 1], [2, 0, 0]], np.uint8)
    assert (metrics.confusion(truth, answer, 3) == [[1, 0, 0], [0, 0, 1], [1, 0, 1]]).all()


def slow_boundary(a, c):
    h, w = a.shape
    return {(y, x) for y in range(h) for x in range(w) if a[y, x] == c and any(
        0 <= y + dy < h and 0 <= x + dx < w and a[y + dy, x + dx] != c for dy, dx in ((0, 1), (1, 0), (0, -1), (-1, 0)))}


def slow_f1(truth, answer, classes):
    def near(p, others, reach):
        return any((p[0] - q[0]) ** 2 + (p[1] - q[1]) ** 2 <= reach ** 2 for q in others)

    blind = {tuple(p) for p in np.argwhere(truth == 255)}
    scores = []
    for c in range(classes):
        a, b = ({p for p in slow_boundary(x, c) if not near(p, blind, 2)} for x in (truth, answer))
        if not a and not b:
            continue
        precision = sum(near(p, a, 2) for p in b) / max(len(b), 1)
        recall = sum(near(p, b, 2) for p in a) / max(len(a), 1)
        scores.append(2 * precision * recall / (precision + recall) if precision + recall else 0.0)
    return sum(scores) / len(scores) if scores else None


def boundary_f1_equals_the_slow_one():
    r = np.random.default_rng(5)
    for ignored in (0, 1, 2):
        truth, answer = (r.integers(0, 3, (4, 5)).repeat(5, 0).repeat(4, 1).astype(np.uint8) for _ in range(2))
        for _ in range(ignored):
            y, x = r.integers(0, 15), r.integers(0, 15)
            truth[y:y + 3, x:x + 3] = 255
        fast, slow = metrics.boundary_f1(truth, answer, 3), slow_f1(truth, answer, 3)
        assert abs(fast - slow) < 1e-12, (ignored, fast, slow)
    same = np.zeros((5, 5), np.uint8)
    assert metrics.boundary_f1(same, same, 3) is None


def majority_keeps_the_centre_in_ties():
    a = np.array([[1, 1, 1], [1, 0, 1], [1, 1, 1]], np.uint8)
    assert metrics.majority(a, 2)[1, 1] == 1
    tie = np.array([[0, 1, 2], [2, 2, 1], [0, 1, 0]], np.uint8)  # three of each
    assert metrics.majority(tie, 3)[1, 1] == 2
    lead = np.array([[0, 1, 1], [0, 2, 1], [0, 1, 0]], np.uint8)  # four 0, four 1, one 2
    assert metrics.majority(lead, 3)[1, 1] == 0


def lone_pixels_are_counted():
    a = np.zeros((6, 6), np.uint8)
    a[0, 0], a[3, 3], a[5, 4], a[5, 5] = 1, 1, 2, 2
    assert metrics.isolated(a) == 2


def mappings_say_what_the_data_set_says():
    assert [labels.NAMES40[i] for i in np.flatnonzero(labels.FOUR_OF_40 == 0)] == ["floor"]
    assert labels.FOUR_OF_40[labels.NAMES40.index("floor mat")] == 3
    assert labels.THIRTEEN_OF_40[labels.NAMES40.index("floor mat")] == labels.NAMES13.index("floor")
    assert labels.FOUR_OF_40[labels.NAMES40.index("counter")] == 1
    assert labels.THIRTEEN_OF_40[labels.NAMES40.index("counter")] == labels.NAMES13.index("furniture")
    assert [int((labels.FOUR_OF_40 == c).sum()) for c in range(4)] == [1, 10, 14, 15]
    assert labels.fold_labels(np.array([[1, 255, 0, 39]], np.uint8)).tolist() == [[0, 255, 1, 3]]


def folders_of_labels_agree():
    cv2 = harness.need("cv2")
    folder = harness.data("data/indoor/nyuv2_val")
    for path in sorted((folder / "labels40").iterdir())[:6]:
        forty, thirteen, four = (cv2.imread(str(folder / n / path.name), 0) for n in ("labels40", "labels13", "labels"))
        assert (labels.fold_labels(forty) == four).all(), path
        assert (labels.table(labels.THIRTEEN_OF_40)[forty] == thirteen).all(), path


harness.run([golden_confusions, confusion_leaves_ignored_out, boundary_f1_equals_the_slow_one,
             majority_keeps_the_centre_in_ties, lone_pixels_are_counted, mappings_say_what_the_data_set_says,
             folders_of_labels_agree])
