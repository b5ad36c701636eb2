"""The loader of the official file, on a small one of the same layout written here, and on the real splits and mappings."""
import pathlib
import tempfile

import harness

np, h5py, scipy_io = harness.need("numpy", "h5py", "scipy.io")
harness.room("scene")
import labels  # noqa: E402
import official  # noqa: E402


def write(folder, count=3):
    """HDF5 with reversed axes, MAT v5 beside it: names 1..4 -> wall, floor, floor mat, nothing."""
    r = np.random.default_rng(2)
    pictures = r.integers(0, 256, (count, 480, 640, 3), dtype=np.uint8)
    depths = r.uniform(0.7, 10, (count, 480, 640)).astype(np.float32)
    marks = r.integers(0, 5, (count, 480, 640)).astype(np.uint16)
    with h5py.File(folder / "labeled.mat", "w") as file:
        file["images"] = pictures.transpose(0, 3, 2, 1)
        file["depths"] = depths.transpose(0, 2, 1)
        file["labels"] = marks.transpose(0, 2, 1)
        file["rawDepths"] = (depths * (depths > 1)).transpose(0, 2, 1)
    scipy_io.savemat(folder / "splits.mat", {"trainNdxs": np.array([[1], [3]]), "testNdxs": np.array([[2]])})
    scipy_io.savemat(folder / "classes40.mat", {"mapClass": np.array([[1, 2, 20, 0]], np.uint8),
                                                "mapToNYUSuperClass": labels.FOUR_OF_40[None].astype(np.uint8) + 1})
    scipy_io.savemat(folder / "classes13.mat",
                     {"classMapping13": {"labels13": labels.THIRTEEN_OF_40[None].astype(np.uint8) + 1}})
    return pictures, depths, marks


def reads_what_was_written():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        pictures, depths, marks = write(folder)
        data = official.Official(*(folder / f for f in ("labeled.mat", "splits.mat", "classes40.mat", "classes13.mat")))
        assert data.train.tolist() == [1, 3] and data.test.tolist() == [2]
        for classes, of in ((40, [255, 0, 1, 19, 255]), (13, [255, 11, 4, 4, 255]), (4, [255, 1, 0, 3, 255])):
            picture, depth, label = data.read(2, classes)
            assert picture.shape == (425, 560, 3) and label.shape == (425, 560)
            assert (picture == pictures[1, 45:470, 40:600]).all()
            assert np.abs(depth - depths[1, 45:470, 40:600] * 100.0).max() < 1e-3
            assert (label == np.array(of, np.uint8)[marks[1, 45:470, 40:600]]).all()
        channels = data.channels(2)
        assert channels.shape == (425, 560, 3)
        want = np.clip(310 / depths[1, 45:470, 40:600].astype(float).clip(1), 0, 255)
        assert np.abs(channels[..., 0] - want).max() <= 0.51
        data.file.close()


def the_experiment_takes_the_official_split():
    harness.need("torch", "cv2")
    import experiment
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        write(folder)
        for new, old in (("classMapping40.mat", "classes40.mat"), ("class13Mapping.mat", "classes13.mat")):
            (folder / old).rename(folder / new)
        for channels in (False, True):
            got = experiment.official(folder / "labeled.mat", folder, 4, (132, 100), channels)
            assert got["picture"].shape == (2, 100, 132, 3) and got["held"].shape == (1, 100, 132, 3)
            assert got["truth"].shape == (1, 425, 560) and got["label"].shape == (2, 100, 132)


def real_splits_and_mappings():
    meta = harness.data("data/indoor/meta")
    train, test = official.splits(meta / "splits.mat")
    assert len(train) == 795 and len(test) == 654 and not set(train) & set(test)
    assert set(train) | set(test) == set(range(1, 1450))
    mappings = official.Mappings(meta / "classMapping40.mat", meta / "class13Mapping.mat")
    assert (mappings.four - 1 == labels.FOUR_OF_40).all() and (mappings.thirteen - 1 == labels.THIRTEEN_OF_40).all()
    table = mappings.table(4)
    assert len(table) == 895 and table[0] == 255 and set(table[1:].tolist()) == {0, 1, 2, 3}


def folders_are_read_whole():
    root = harness.data("data/indoor/nyuv2_val")
    for classes in (4, 13, 40):
        folder = official.Folder(root, classes)
        picture, label = folder.read(0)
        assert len(folder) == 64 and picture.shape == label.shape + (3,)
        assert set(np.unique(label)) <= set(range(classes)) | {255}


harness.run([reads_what_was_written, the_experiment_takes_the_official_split, real_splits_and_mappings, folders_are_read_whole])
