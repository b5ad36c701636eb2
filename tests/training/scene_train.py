"""The trainer on a handful of small pictures: it learns, stops, resumes where it was, and freezes what it should."""
import argparse
import dataclasses
import pathlib
import tempfile

import harness

torch, np, cv2 = harness.need("torch", "numpy", "cv2")
harness.room("scene")
torch.set_num_threads(1)
import train  # noqa: E402
from pictures import DRAWN, FLOOR, FULL, NONE, NOT_FLOOR, Pictures, Sampler, pasted, prepare  # noqa: E402

train.ANEW = dataclasses.replace(train.ANEW, full=2, drawn=1, floor=1, none=1, rooms=2, stages=((1.01, (64, 48)),))
train.BEGUN = dataclasses.replace(train.BEGUN, full=2, floor=1, none=1, stages=((1.01, (64, 48)),))


def write(folder, count=3):
    r = np.random.default_rng(1)
    for name, kinds in (("nyuv2_train", ("images", "labels40")), ("floor", ("images", "labels")), ("unlabelled", ("",))):
        for kind in kinds:
            (folder / name / kind).mkdir(parents=True, exist_ok=True)
            for i in range(count):
                if kind in ("images", ""):
                    cv2.imwrite(str(folder / name / kind / f"{i}.jpg"), r.integers(0, 255, (60, 80, 3), dtype=np.uint8))
                else:
                    marks = r.choice([0, 255] if kind == "labels" else [0, 1, 2, 255], (60, 80)).astype(np.uint8)
                    cv2.imwrite(str(folder / name / kind / f"{i}.png"), marks)


def options(folder, **more):
    row = {"indoor": str(folder / "indoor"), "out": str(folder / "out"), "start": None, "minutes": 60, "rate": None, "seed": 1,
           "hold": 0.0, "judge": 10, "threads": 1, "bf16": False}
    return argparse.Namespace(**{**row, **more})


def in_a_folder(case):
    def wrapped():
        with tempfile.TemporaryDirectory() as name:
            write(pathlib.Path(name) / "indoor")
            case(pathlib.Path(name))
    wrapped.__name__ = case.__name__
    return wrapped


@in_a_folder
def sets_are_told_apart(folder):
    assert prepare(folder / "indoor", folder / "p.npz", 2) == [3, 3, 3, 2]
    pictures = Pictures(folder / "p.npz")
    marks = {kind: set(np.unique(pictures.label[pictures.kind == kind])) for kind in (FULL, FLOOR, NONE)}
    assert pictures.label[pictures.kind == DRAWN].max() < 4
    assert marks == {FULL: {0, 1, 2, 255}, FLOOR: {0, NOT_FLOOR}, NONE: {255}}


def rooms_that_are_held_out_are_not_learned_from():
    pictures = Pictures.__new__(Pictures)
    pictures.kind = np.array([FULL] * 460)
    learn, held = pictures.hold(0.05)
    assert len(learn) + len(held) == 460 and not set(learn) & set(held) and 12 <= len(held) <= 36
    assert len(pictures.hold(0.0)[1]) == 0


@in_a_folder
def labels_move_with_the_picture(folder):
    """A picture painted by its own labels: inside, both say the same after every change of view."""
    prepare(folder / "indoor", folder / "p.npz", 2)
    pictures = Pictures(folder / "p.npz")
    y, x = np.mgrid[:300, :400]
    pictures.label[:3] = ((x // 100 + y // 100) % 3)[None]
    pictures.picture[:3] = (pictures.label[:3] * 100)[..., None]
    sampler = Sampler(pictures, {"full": np.arange(3)}, 1)
    for _ in range(12):
        clear, _, label = sampler.draw("full", 128, 96, 2)
        seen = np.rint(clear[1::2, 1::2, 0] * 2.55)
        inside = label != 255
        assert inside.any() and (seen == label)[inside].mean() > 0.85, (seen == label)[inside].mean()


def things_are_pasted_with_their_labels():
    """A wall with half the kinds of a second picture: what changed is of those kinds, seen and labelled alike, the wall stays."""
    wall, chair, lamp = 0, 4, 34
    marks = np.full((6, 8), wall, np.uint8)
    marks[:, :2], marks[:, 6:] = chair, lamp
    wide = np.repeat(np.repeat(marks, 2, 0), 2, 1)
    other = np.stack([wide + 1.0] * 3, -1)
    onto = np.zeros((12, 16, 3)), np.full((6, 8), wall, np.uint8)
    for seed in range(8):
        picture, label = pasted(onto, (other, marks), np.random.default_rng(seed))
        put = label != wall
        assert set(np.unique(label[put])) in ({chair}, {lamp}) and (label[put] == marks[put]).all()
        assert (picture[::2, ::2, 0] == np.where(put, marks + 1.0, 0)).all()
    assert pasted(onto, (other, np.full((6, 8), 255, np.uint8)), np.random.default_rng(1)) is onto


@in_a_folder
def stops_and_resumes_where_it_was(folder):
    first = train.Run(options(folder))
    for share in (0.0, 0.5, 0.5):  # with the teacher in the last two
        first.model.train()
        first.used = share * first.options.minutes * 60
        figures = first.one()
    assert all(np.isfinite(figures)), figures
    first.used = 33.0
    first.save()
    second = train.Run(options(folder))
    assert second.step == 3 and second.used == 33.0
    for name in ("model", "mean", "term"):
        a, b = getattr(first, name).state_dict(), getattr(second, name).state_dict()
        assert all(torch.equal(a[k], b[k]) for k in a), name
    assert (folder / "out" / "last.pt").exists()


@in_a_folder
def a_folder_belongs_to_its_recipe(folder):
    train.Run(options(folder))
    try:
        train.Run(options(folder, start="any.onnx"))
    except SystemExit as refused:
        assert "other recipe" in str(refused)
    else:
        raise AssertionError("went on with the other recipe's folder")


@in_a_folder
def what_is_frozen_stays(folder):
    source = harness.data("models/yolox_nano/yolox_nano.onnx")
    harness.need("onnx")
    run = train.Run(options(folder, start=str(source)))
    before = {k: v.clone() for k, v in run.model.trunk.state_dict().items()}
    run.model.train()
    run.one()
    changed = {k.split(".")[0] for k, v in run.model.trunk.state_dict().items() if not torch.equal(v, before[k])}
    assert changed.isdisjoint({"stem", "stage2"}) and {"stage3", "stage5", "down3"} <= changed, changed


harness.run([sets_are_told_apart, rooms_that_are_held_out_are_not_learned_from, labels_move_with_the_picture,
             things_are_pasted_with_their_labels, stops_and_resumes_where_it_was, a_folder_belongs_to_its_recipe,
             what_is_frozen_stays])
