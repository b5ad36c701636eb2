"""HHA: a room known exactly, and the samples of the data set."""
import harness

np, cv2 = harness.need("numpy", "cv2")
harness.room("scene")
import hha  # noqa: E402


def tilted_room(degrees, height_cm=120.0, wall_cm=400.0):
    """Depth of a floor and a wall seen by a camera that looks down by `degrees`; down in its frame."""
    camera = hha.Camera(100.0, 100.0, 81.0, 61.0)
    t = np.deg2rad(degrees)
    down, ahead = np.array([0, np.cos(t), np.sin(t)]), np.array([0, -np.sin(t), np.cos(t)])
    x, y = hha.rays((120, 160), camera)
    rays = np.stack([x, y, np.ones_like(x)], -1)
    with np.errstate(divide="ignore"):
        floor = np.where(rays @ down > 1e-9, height_cm / (rays @ down), np.inf)
    wall = wall_cm / (rays @ ahead)
    return np.minimum(floor, wall), floor < wall, camera, down


def known_room():
    depth, on_floor, camera, down = tilted_room(20)
    n = hha.normals(depth, depth > 0, camera, 10)
    got = hha.gravity(n.reshape(-1, 3))
    assert np.degrees(np.arccos(np.clip(got @ down, -1, 1))) < 1.0, got
    channels = hha.hha(depth, depth, camera).astype(int)
    inner = cv2.erode(on_floor.astype(np.uint8), np.ones((9, 9))) > 0
    far = cv2.erode((~on_floor).astype(np.uint8), np.ones((9, 9))) > 0
    assert np.abs(channels[..., 0] - np.rint(np.clip(31000 / np.maximum(depth, 100), 0, 255))).max() <= 1
    # the floor's normal is down itself (angle 0 + 38), a wall stands at 90
    assert np.abs(channels[inner][:, 2] - 38).max() <= 2 and np.abs(channels[far][:, 2] - 128).max() <= 2
    # lowest point 120 cm under the camera, higher than 90: heights count from 130 below it only if it is above -90
    assert np.abs(channels[inner][:, 1] - 0).max() <= 2


def camera_above_nothing_low():
    """Nothing lower than 90 cm under the camera is seen: heights count from 130 cm below it."""
    depth, on_floor, camera, down = tilted_room(20, height_cm=60.0, wall_cm=200.0)
    channels = hha.hha(depth, depth, camera, down).astype(int)
    assert abs(int(np.median(channels[on_floor][:, 1])) - 70) <= 1


def missing_depth_is_left_out_of_the_fits():
    depth, _, camera, down = tilted_room(20)
    raw = depth.copy()
    raw[40:60, 60:100] = 0
    painted = depth.copy()
    painted[40:60, 60:100] = 50  # nonsense where nothing was measured
    n = hha.normals(painted, raw > 0, camera, 10)
    got = hha.gravity(n[raw > 0])
    assert np.degrees(np.arccos(np.clip(got @ down, -1, 1))) < 1.0


def samples_of_the_data_set():
    root = harness.data("data/indoor")
    rotations = np.loadtxt(root / "meta" / "camera_rotations_NYU.txt").reshape(-1, 3, 3)
    for k in range(1, 7):
        depth = cv2.imread(str(root / "depth_sample" / f"{k:06d}.png"), cv2.IMREAD_UNCHANGED) / 10.0
        theirs = cv2.imread(str(root / "hha_sample" / f"{k:06d}.png"))
        camera = hha.Camera.nyu()
        down = hha.gravity(hha.normals(depth, depth > 0, camera, 10).reshape(-1, 3))
        r = rotations[k - 1]
        want = np.array([r[0, 2], r[2, 2], r[1, 2]])
        apart = np.degrees(np.arccos(np.clip(down @ want / np.linalg.norm(want), -1, 1)))
        assert apart <= 2.0, (k, apart)
        ours = hha.hha(depth, depth, camera, down)[..., 0].astype(int)
        assert np.abs(ours - theirs[..., 2]).max() <= 1, k


harness.run([known_room, camera_above_nothing_low, missing_depth_is_left_out_of_the_fits, samples_of_the_data_set])
