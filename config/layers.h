// Defaults < file < settings: what a camera is, put together before it is read.
//
// Sections and the options of plugins are merged key by key; lists, zones and lines are replaced as a whole. A key that
// excludes another (url and streams) puts the other's lower layer out of force. Thread: reentrant.
#pragma once

#include <string>
#include <vector>

#include "config/row.h"
#include "config/settings_file.h"
#include "config/yaml_tree.h"

namespace lynceus::config {

/// `over` on top of `base`; both of the table's rows.
Node merged(const std::vector<Row>& rows, const Node& base, const Node& over);

/// A camera's layer with the keys of its plugins dotted, so that layers written in either way meet.
Node normalized(const std::vector<Row>& rows, const Node& layer, Problems& problems);

/// What the API wrote, by camera: DIRECTORY/settings.d/CAMERA.yaml. A folder that is not there gives none. A draft (may
/// be null) stands for its camera's file.
std::vector<Node::Entry> read_settings(const std::string& directory, const SettingsDraft* draft, Problems& problems);

}  // namespace lynceus::config
