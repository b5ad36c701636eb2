# What Lynceus needs of the distribution, by job. Sourced by ./dev; Debian 12 and 13 (Ubuntu 24.04 has the same names).
# Runtime plugins that are GPL (x264enc lives in plugins-ugly) are used by the simulator only and are not linked.

packages_build=(
  build-essential cmake ninja-build ccache pkg-config ca-certificates git
  libopencv-core-dev libopencv-imgproc-dev libopencv-dnn-dev libopencv-video-dev libopencv-objdetect-dev
  libopencv-calib3d-dev
  libgstreamer1.0-dev libgstreamer-plugins-base1.0-dev libgstrtspserver-1.0-dev
  libboost-dev libyaml-cpp-dev prometheus-cpp-dev nlohmann-json3-dev
  libsqlite3-dev libssl-dev libmosquitto-dev zlib1g-dev libjpeg-dev libturbojpeg0-dev libpng-dev
)
packages_run=(
  gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad gstreamer1.0-libav
  gstreamer1.0-plugins-ugly glib-networking
)
packages_test=(mosquitto ffmpeg catch2 python3 python3-jsonschema python3-yaml curl)
# Taken where the distribution has them.
packages_optional=(libonnxruntime-dev)
# Tests of the page and the dashboards, likewise; without them these tests say skipped.
packages_page=(chromium chromium-driver python3-selenium prometheus)
packages_lint=(clang-format clang-tidy)
packages_package=(dpkg-dev gzip lintian)
# The package under a systemd of its own; an independent reader of detectors' outputs.
packages_prove=(debootstrap systemd-container python3-numpy python3-opencv python3-scipy)
# Training the networks again (models/training); the tests of that say skipped without them.
packages_train=(python3-torch python3-numpy python3-scipy python3-opencv python3-onnx python3-h5py)
