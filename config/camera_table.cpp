// What one camera accepts; `defaults` accepts the same.
#include <utility>

#include "config/tables.h"

namespace lynceus::config {
namespace {

Row url_row(const std::string& key, const std::string& help) {
  return row(key, Type::url, help).such_as("rtsp://user:${env:PASSWORD}@192.0.2.7/stream1");
}

void has_source(Target& t, const Node&) { t.camera->has_source = true; }
void zone_place(Target& t, const Node& node) { t.zone->place = node.place; }
void line_place(Target& t, const Node& node) { t.line->place = node.place; }

std::vector<Row> source_rows() {
  return {
      bind(
          url_row("url", "rtsp, rtsps, http (JPEG, MJPEG), file, v4l2, sim, or a path.")
              .excludes("streams")
              .noted(has_source),
          [](Target & t) -> auto& { return t.camera->settings.source.detect; }),
      section("streams", "Two streams of one camera.",
              {bind(
                   url_row("detect", "The stream that is analyzed.").noted(has_source),
                   [](Target & t) -> auto& { return t.camera->settings.source.detect; }),
               bind(
                   url_row("evidence", "A second stream kept for evidence, never decoded.").otherwise("none"),
                   [](Target & t) -> auto& { return t.camera->settings.source.evidence; })})
          .excludes("url"),
      bind(
          row("name", Type::text, "For people.").between(1, 100).such_as("Front door").otherwise("the id"),
          [](Target & t) -> auto& { return t.camera->settings.name; }),
      bind(
          row("kind", Type::choice, "What the camera sees; `thermal` knows no night.").from({"visible", "thermal"}),
          [](Target & t) -> auto& { return t.camera->settings.kind; }),
      bind(
          row("transport", Type::choice, "How RTSP carries the video; `auto` chooses.").from({"auto", "tcp", "udp"}),
          [](Target & t) -> auto& { return t.camera->settings.source.transport; }),
      bind(
          row("latency_ms", Type::integer, "UDP jitter buffer; over TCP there is none.").between(0, 10000),
          [](Target & t) -> auto& { return t.camera->settings.source.latency; }),
      bind(
          row("verify_tls", Type::boolean,
              "`false`: any certificate of rtsps and https is taken; encrypts, but does not prove who the camera is."),
          [](Target & t) -> auto& { return t.camera->settings.source.verify_tls; }),
      bind(
          row("decoder", Type::choice, "What decodes the video; `auto`: hardware where it works on the stream.")
              .from({"auto", "software", "vaapi", "nvidia"}),
          [](Target & t) -> auto& { return t.camera->settings.source.decoder; }),
      bind(
          row("fps", Type::number, "Frames a second handed to analysis; 0: as they come.").between(0, 240),
          [](Target & t) -> auto& { return t.camera->settings.source.fps; }),
      bind(
          row("enabled", Type::boolean, "`false`: not connected."),
          [](Target & t) -> auto& { return t.camera->settings.enabled; }),
      bind(
          row("privacy", Type::choice,
              "`no_evidence`: no pictures are kept; `blur`: people are blurred in every picture, and no clips are "
              "kept.")
              .from({"none", "no_evidence", "blur"}),
          [](Target & t) -> auto& { return t.camera->settings.privacy; }),
  };
}

Row frozen_after() {
  Row out = row("frozen_after", Type::duration, "The same picture for so long is a fault: health's `frozen_after`.")
                .between(1, 86400)
                .otherwise("health's default")
                .such_as("30s");
  out.store = [](Target& t, const Value& value) { t.camera->frozen_after_s = std::get<double>(value); };
  return out;
}

Row masks() {
  const std::string example = "[[[0, 0], [0.2, 0], [0.2, 0.1], [0, 0.1]]]";
  return section("masks", "Parts of the picture; coordinates are 0..1 of it.",
                 {bind(
                      row("motion", Type::polygons, "Motion here counts for nothing.").such_as(example),
                      [](Target & t) -> auto& { return t.camera->settings.motion_masks; }),
                  bind(
                      row("privacy", Type::polygons, "Blackened in every picture that leaves.").such_as(example),
                      [](Target & t) -> auto& { return t.camera->settings.privacy_masks; })});
}

Row analyzers() {
  Row out = row("analyzers", Type::analyzers,
                "Plugins by name: `true`, `false`, or `when` (every_frame, on_motion, a period such as 2s) and the "
                "plugin's options. health runs unless it is `false`.")
                .such_as("{health: {when: 1s}}");
  out.rows = {row("when", Type::cadence, "How often it is called.").otherwise("the plugin's own")};
  out.keep = [](Target& t, const Node& node) { t.camera->analyzers = node; };
  return out;
}

/// Names become part of alarm keys (kind:ZONE), topics and labels.
std::string region_name_problem(const std::string& name) {
  if (!name.empty() && name.size() <= 64 && name.find_first_of(":/+#") == std::string::npos) return {};
  return "no good name; accepted: 1 to 64 characters, none of ':/+#'";
}

Row zones() {
  Row out = row("zones", Type::named, "Named parts of the picture.")
                .such_as("{door: {polygon: [[0.1, 0.2], [0.5, 0.2], [0.5, 0.9], [0.1, 0.9]]}}");
  out.name_problem = region_name_problem;
  out.rows = zone_table();
  out.enter = [](Target& parent, const std::string& name, const Node& node) {
    parent.camera->zones.push_back({.zone = {name, {}, {}}, .analyzers = {}, .options = {}, .place = node.place});
    Target child = parent;
    child.zone = &parent.camera->zones.back();
    return child;
  };
  return out;
}

Row lines() {
  Row out = row("lines", Type::named, "Named lines that may be crossed.")
                .such_as("{gate: {from: [0.1, 0.5], to: [0.9, 0.5]}}");
  out.name_problem = region_name_problem;
  out.rows = {bind(
                  row("from", Type::point, "One end.").must(), [](Target & t) -> auto& { return t.line->line.from; }),
              bind(
                  row("to", Type::point, "The other end.").must(), [](Target & t) -> auto& { return t.line->line.to; }),
              bind(
                  row("analyzers", Type::texts, "The plugins meant.").otherwise("all of the camera").noted(line_place),
                  [](Target & t) -> auto& { return t.line->analyzers; })};
  out.enter = [](Target& parent, const std::string& name, const Node& node) {
    parent.camera->lines.push_back({.line = {name, {}, {-1, -1}}, .analyzers = {}, .place = node.place});
    Target child = parent;
    child.line = &parent.camera->lines.back();
    return child;
  };
  return out;
}

Row homography() {
  Row image = row("image", Type::points, "Four points of the picture.").must();
  image.count = 4;
  Row metres = row("metres", Type::points, "The same points on the floor.").between(-1e5, 1e5).must();
  metres.count = 4;
  metres.unit = false;
  Row out =
      section("homography", "Four points of the floor, in the picture and in metres.",
              {bind(
                   std::move(image), [](Target & t) -> auto& { return t.camera->homography.image; }),
               bind(
                   std::move(metres), [](Target & t) -> auto& { return t.camera->homography.metres; })})
          .excludes("calibration")
          .such_as(
              "{image: [[0.2, 0.9], [0.8, 0.9], [0.6, 0.4], [0.4, 0.4]], metres: [[0, 0], [4, 0], [4, 8], [0, 8]]}");
  out.keep = [](Target& t, const Node&) { t.camera->has_homography = true; };
  return out;
}

Row ground() {
  Row calibration = row("calibration", Type::file, "JSON file: width, height, K, dist, R or rvec, t_m.")
                        .excludes("homography")
                        .such_as("door-calibration.json");
  calibration.store = [](Target& t, const Value& value) { t.camera->calibration = std::get<std::string>(value); };
  calibration.keep = [](Target& t, const Node& node) { t.camera->calibration_place = node.place; };
  return section("ground", "From the picture to the floor: one of the two.", {homography(), std::move(calibration)});
}

Row arm() {
  Row out = row("arm", Type::list,
                "When what its analyzers find may raise alarms; `camera_offline` and the like are raised at any hour. "
                "A window that ends "
                "before it begins lasts until the next day.")
                .otherwise("always")
                .such_as("[{days: [mon-fri], from: \"18:00\", to: \"07:00\"}]");
  out.rows = {bind(
                  row("days", Type::days, "mon … sun, or mon-fri.").otherwise("every day"),
                  [](Target & t) -> auto& { return t.arm->days; }),
              bind(
                  row("from", Type::clock, "Begin."), [](Target & t) -> auto& { return t.arm->from; }),
              bind(
                  row("to", Type::clock, "End; 24:00 is midnight."), [](Target & t) -> auto& { return t.arm->to; })};
  out.enter = [](Target& parent, const std::string&, const Node&) {
    parent.camera->arm.emplace_back();
    Target child = parent;
    child.arm = &parent.camera->arm.back();
    return child;
  };
  return out;
}

std::vector<Row> make_camera() {
  std::vector<Row> rows = source_rows();
  for (Row& next : std::vector<Row>{frozen_after(), masks(), analyzers(), zones(), lines(), ground(), arm()}) {
    rows.push_back(std::move(next));
  }
  return rows;
}

std::vector<Row> make_zone() {
  Row options = row("options", Type::plugin_options, "By plugin: those of its options that a zone may override.");
  options.keep = [](Target& t, const Node& node) { t.zone->options = node; };
  return {bind(
              row("polygon", Type::polygon, "Its corners in order.").must(),
              [](Target & t) -> auto& { return t.zone->zone.polygon; }),
          bind(
              row("analyzers", Type::texts, "The plugins meant.").otherwise("all of the camera").noted(zone_place),
              [](Target & t) -> auto& { return t.zone->analyzers; }),
          std::move(options)};
}

}  // namespace

const std::vector<Row>& camera_table() {
  static const std::vector<Row> rows = make_camera();
  return rows;
}

const std::vector<Row>& zone_table() {
  static const std::vector<Row> rows = make_zone();
  return rows;
}

}  // namespace lynceus::config
