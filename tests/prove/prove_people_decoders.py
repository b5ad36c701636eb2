"""Public detectors read by us and by an independent reader give the same boxes, beside each other on the same pictures."""
import people_common as common
import people_reference as reference

LEAST, NMS = 0.25, 0.5
NETWORKS = [("yolo_fastest_xl", "darknet", "yolo_fastest/yolo-fastest-1.1-xl.weights"),
            ("yolo_fastest_body", "darknet", "yolo_fastest/yolo-fastest-1.1_body.weights"),
            ("yolox_nano", "yolox", "yolox_nano/yolox_nano.onnx")]


def some_pictures():
    folder = common.SHARED / "data/person_train/street_lschen/images"
    return sorted((common.MODELS / "pictures").glob("*.jpg")) + sorted(folder.glob("*.jpg"))[::15]


def compare(verdicts, name, kind, model):
    reader = reference.detector(kind, common.MODELS / model)
    paths = some_pictures()
    ours = common.pictures(name, paths, "--confidence", LEAST, "--nms", NMS)
    boxes, alone, least_iou, most_apart = 0, 0, 1.0, 0.0
    for path, (found, _) in zip(paths, ours):
        theirs = [[*box, score] for box, score in zip(*reference.find(reader, common.upright(path), LEAST, NMS))]
        pairs = common.matched(found, theirs, 0.9)
        boxes += len(theirs)
        alone += len(found) + len(theirs) - 2 * len(pairs)
        for i, j in pairs:
            least_iou = min(least_iou, common.iou(found[i], theirs[j]))
            most_apart = max(most_apart, abs(found[i][4] - theirs[j][4]))
    verdicts.at_least(f"{name}: boxes compared", boxes, 50)
    verdicts.at_most(f"{name}: boxes that only one reader has", alone, 0)
    verdicts.at_least(f"{name}: least IoU", least_iou, 0.98)
    verdicts.at_most(f"{name}: largest difference of scores", most_apart, 0.01)


def run(verdicts):
    for name, kind, model in NETWORKS:
        if not common.absent(model, common.MODELS / model):
            compare(verdicts, name, kind, model)
