// The tables: every key of the configuration, once. See row.h for what is made of them.
#pragma once

#include <vector>

#include "config/row.h"

namespace lynceus::config {

/// The whole file, `defaults` and `cameras` included. Made once; thread: any.
const Row& root_table();
/// What a camera accepts.
const std::vector<Row>& camera_table();
const std::vector<Row>& server_table();
const std::vector<Row>& zone_table();
/// The sections `alarms` and `notify`, and `evidence` of `storage`.
Row alarms_row();
Row notify_row();
Row evidence_row();
/// A map with these keys.
Row section(std::string key, std::string help, std::vector<Row> rows);

/// A Target whose members are those of default settings: for showing defaults.
class Defaults {
 public:
  Defaults();
  Target& target() { return target_; }

 private:
  Config config_;
  std::vector<CameraDraft> cameras_;
  CameraDraft camera_;
  ZoneDraft zone_;
  LineDraft line_;
  ArmDraft arm_;
  AlarmRule rule_;
  SinkSettings sink_;
  Target target_;
};

/// Lower-case letters, digits, - and _; begins with a letter or digit; at most 63.
bool camera_id(const std::string& id);

}  // namespace lynceus::config
