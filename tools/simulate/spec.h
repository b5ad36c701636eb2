// One simulated camera as the command line describes it: `ID=scene:NAME,key=value,…` or `ID=clip:PATH,key=value,…`.
//
//   parse_camera("lobby=scene:lobby,fps=10,size=640x480,fault=freeze@20+10/60")
//
// Throws Error (Exit::usage) naming the key and what would be accepted. Thread: any.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tools/simulate/clip.h"
#include "tools/simulate/fault.h"

namespace lynceus::tools {

/// `fault=NAME[:VALUE]@START+DURATION[/EVERY]`, counted from the moment the camera serves.
struct PlannedFault {
  Fault fault;
  double start_s = 0, duration_s = 0;
  double every_s = 0;  ///< 0: once
};

struct CameraSpec {
  std::string id;
  std::string scene;  ///< one of scenes::scene_names(), or empty
  std::string clip;   ///< path of a video file, or empty
  double fps = 0;     ///< 0: 10 for a scene; a file's own, else 25
  int width = 640, height = 480;
  Codec codec = Codec::h264;
  double gop_s = 1;
  double loop_s = 20;
  double fault_at_s = 15;  ///< the scene's own trouble (pipe damage, blocked exit)
  bool night = false;
  std::uint64_t seed = 1;
  int bframes = 0;
  int quantizer = 20;  ///< H.264: 0 lossless to 50
  std::string matrix;  ///< bt601, bt709; empty: by the number of lines
  bool full_range = false;
  std::string user, password;
  enum class Auth { any, basic, digest } auth = Auth::any;
  enum class Transport { any, tcp, udp } transport = Transport::any;
  std::vector<PlannedFault> faults;
};

CameraSpec parse_camera(std::string_view text);

/// "15", "1.5s", "500ms", "2m" as seconds; throws Error (Exit::usage) naming `key`.
double parse_seconds(std::string_view text, std::string_view key);

}  // namespace lynceus::tools
