// Plugins, shapes, floor, windows that are wrong, and the exact words for them.
#include "tests/support/catch.h"
#include "tests/unit/config/bad_rows.h"

namespace lynceus::test {
namespace {

const std::string kCamera = "cameras:\n  a:\n    url: sim://card\n";

const std::vector<BadRow>& rows() {
  static const std::vector<BadRow> all{
      {"unknown plugin", kCamera + "    analyzers: {peolpe: true}\n",
       "4:17: cameras.a.analyzers.peolpe: no plugin 'peolpe' is loaded; did you mean 'people'?"},
      {"unknown plugin in defaults", "defaults: {analyzers: {pipes: true}}\n",
       "1:24: defaults.analyzers.pipes: no plugin 'pipes' is loaded; accepted: health, people"},
      {"unknown option", kCamera + "    analyzers: {people: {confidense: 1}}\n",
       "4:26: cameras.a.analyzers.people.confidense: unknown key; did you mean 'confidence'?"},
      {"option out of range", kCamera + "    analyzers: {people: {confidence: 1.5}}\n",
       "4:38: cameras.a.analyzers.people.confidence: '1.5' is out of range; accepted: a number from 0 to 1"},
      {"option's choice", kCamera + "    analyzers: {people: {detector: yolo}}\n",
       "4:36: cameras.a.analyzers.people.detector: unknown value 'yolo'; did you mean 'yolox'?"},
      {"option's type", kCamera + "    analyzers: {people: {input: wide}}\n",
       "4:33: cameras.a.analyzers.people.input: 'wide' is no whole number; accepted: a whole number from 32 to 2048"},
      {"option nested", kCamera + "    analyzers: {people: {scale: {lo: 1}}}\n",
       "4:34: cameras.a.analyzers.people.scale.lo: unknown key; did you mean 'scale.low'?"},
      {"option dotted and nested", kCamera + "    analyzers: {people: {scale.low: 1, scale: {low: 2}}}\n",
       "4:48: cameras.a.analyzers.people.scale.low: the key 'scale.low' is given twice, dotted and nested"},
      {"count of numbers", kCamera + "    analyzers: {people: {scale.bar: [1, 2, 3]}}\n",
       "4:37: cameras.a.analyzers.people.scale.bar: has 3 elements; accepted: a list of 4 numbers"},
      {"a known network that is not there", kCamera + "    analyzers: {people: {model: yolox_nano.onnx}}\n",
       "4:33: cameras.a.analyzers.people.model: the file '/nowhere/yolox_nano.onnx' is missing; `lynceus models pull "
       "yolox_nano` fetches it"},
      {"a network of one's own that is not there", kCamera + "    analyzers: {people: {model: /nowhere/my.weights}}\n",
       "4:33: cameras.a.analyzers.people.model: the file '/nowhere/my.weights' is missing"},
      {"count of points", kCamera + "    analyzers: {people: {corners: [[0, 0]]}}\n",
       "4:35: cameras.a.analyzers.people.corners: has 1 elements; accepted: a list of 4 points [x, y] from 0 to 1"},
      {"cadence", kCamera + "    analyzers: {people: {when: sometimes}}\n",
       "4:32: cameras.a.analyzers.people.when: 'sometimes' is no cadence; accepted: every_frame, on_motion, or a "
       "period such as 2s"},
      {"neither on nor off", kCamera + "    analyzers: {people: 2s}\n",
       "4:25: cameras.a.analyzers.people: is '2s'; accepted: true, false, or a map of options"},
      {"analyzers as a list", kCamera + "    analyzers: [people]\n",
       "4:16: cameras.a.analyzers: is a list; accepted: a map from plugins to true, false or options"},
      {"two corners", kCamera + "    masks: {motion: [[[0, 0], [1, 1]]]}\n",
       "4:22: cameras.a.masks.motion[0]: has 2 elements; accepted: a list of at least 3 points [x, y] from 0 to 1"},
      {"outside the picture", kCamera + "    masks: {motion: [[[0, 0], [1, 0], [1, 1.5]]]}\n",
       "4:43: cameras.a.masks.motion[0][2][1]: '1.5' is out of range; accepted: a number from 0 to 1"},
      {"pixels", kCamera + "    masks: {privacy: [[[10, 10], [20, 10], [20, 20]]]}\n",
       "4:25: cameras.a.masks.privacy[0][0][0]: '10' is out of range; accepted: a number from 0 to 1"},
      {"three coordinates", kCamera + "    masks: {motion: [[[0, 0, 0], [1, 0], [1, 1]]]}\n",
       "4:23: cameras.a.masks.motion[0][0]: has 3 elements; accepted: a list of 2 numbers from 0 to 1"},
      {"a text in a point", kCamera + "    masks: {motion: [[[0, x], [1, 0], [1, 1]]]}\n",
       "4:27: cameras.a.masks.motion[0][0][1]: 'x' is no number; accepted: a number from 0 to 1"},
      {"polygon, not polygons", kCamera + "    masks: {motion: [[0, 0], [1, 0], [1, 1]]}\n",
       "4:22: cameras.a.masks.motion[0]: has 2 elements; accepted: a list of at least 3 points [x, y] from 0 to 1"},
      {"crossing", kCamera + "    zones: {z: {polygon: [[0, 0], [1, 1], [1, 0], [0, 1]]}}\n",
       "4:26: cameras.a.zones.z.polygon: the outline crosses itself; accepted: corners in order around the area"},
      {"no area", kCamera + "    zones: {z: {polygon: [[0, 0], [0.5, 0.5], [1, 1]]}}\n",
       "4:26: cameras.a.zones.z.polygon: the polygon has no area"},
      {"zone without polygon", kCamera + "    zones: {z: {analyzers: [people]}}\n",
       "4:16: cameras.a.zones.z: the key 'polygon' is missing; accepted: a list of at least 3 points [x, y] from 0 to "
       "1"},
      {"zone's name", kCamera + "    zones: {\"a:b\": {polygon: [[0, 0], [1, 0], [1, 1]]}}\n",
       "4:13: cameras.a.zones.a:b: no good name; accepted: 1 to 64 characters, none of ':/+#'"},
      {"zone's plugin", kCamera + "    zones: {z: {polygon: [[0, 0], [1, 0], [1, 1]], analyzers: [persons]}}\n",
       "4:63: cameras.a.zones.z.analyzers: no plugin 'persons' is loaded; accepted: health, people"},
      {"zone's option",
       kCamera + "    analyzers: {people: true}\n    zones: {z: {polygon: [[0, 0], [1, 0], [1, 1]], options: {people: "
                 "{detector: hog}}}}\n",
       "5:71: cameras.a.zones.z.options.people.detector: unknown key; accepted: confidence, scale.low"},
      {"line without an end", kCamera + "    lines: {l: {from: [0, 0]}}\n",
       "4:16: cameras.a.lines.l: the key 'to' is missing; accepted: [x, y] from 0 to 1"},
      {"line of no length", kCamera + "    lines: {l: {from: [0, 0], to: [0, 0]}}\n",
       "4:16: cameras.a.lines.l: 'from' and 'to' are the same point"},
      {"two grounds",
       kCamera + "    ground: {calibration: c.json, homography: {image: [[0,0],[1,0],[1,1],[0,1]], metres: "
                 "[[0,0],[1,0],[1,1],[0,1]]}}\n",
       "4:27: cameras.a.ground.calibration: the file '/nowhere/c.json': cannot be read: No such file or directory\n"
       "4:35: cameras.a.ground.homography: stands beside 'calibration'; accepted: one of the two"},
      {"three points on the floor",
       kCamera + "    ground: {homography: {image: [[0,0],[1,0],[1,1]], metres: [[0,0],[1,0],[1,1],[0,1]]}}\n",
       "4:34: cameras.a.ground.homography.image: has 3 elements; accepted: a list of 4 points [x, y] from 0 to 1"},
      {"half a homography", kCamera + "    ground: {homography: {image: [[0,0],[1,0],[1,1],[0,1]]}}\n",
       "4:26: cameras.a.ground.homography: the key 'metres' is missing; accepted: a list of 4 points [x, y]"},
      {"no calibration file", kCamera + "    ground: {calibration: no-such.json}\n",
       "4:27: cameras.a.ground.calibration: the file '/nowhere/no-such.json': cannot be read: No such file or "
       "directory"},
      {"day", kCamera + "    arm: [{days: [monday]}]\n",
       "4:19: cameras.a.arm[0].days[0]: 'monday' is no day; accepted: a list of mon, tue, wed, thu, fri, sat, sun, or "
       "mon-fri"},
      {"time of day", kCamera + "    arm: [{from: 8:00}]\n",
       "4:18: cameras.a.arm[0].from: '8:00' is no time of day; accepted: HH:MM from 00:00 to 24:00, in quotes"},
      {"time past midnight", kCamera + "    arm: [{to: \"24:30\"}]\n",
       "4:16: cameras.a.arm[0].to: '24:30' is no time of day; accepted: HH:MM from 00:00 to 24:00, in quotes"},
      {"arm as a map", kCamera + "    arm: {from: \"08:00\"}\n",
       "4:10: cameras.a.arm: is a map; accepted: a list of maps"},
  };
  return all;
}

TEST_CASE("bad configurations: plugins, shapes, floor, windows") { check_rows(rows()); }

}  // namespace
}  // namespace lynceus::test
